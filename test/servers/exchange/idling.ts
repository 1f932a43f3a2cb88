// IDLE.
import type {Command} from '../../../source/demo/server/commands.ts';
import {badArgument, Ended} from './answers.ts';
import type {Connection} from './connection.ts';

export async function idle(connection: Connection, {tag}: Command): Promise<string> {
  await connection.line('+ IDLE accepted, awaiting DONE command.');
  connection.idling = true;
  try {
    await connection.at('idle');
    const line = await connection.inbound.line();
    if (line === undefined) throw new Ended();
    if (!/^DONE$/i.test(line)) throw badArgument();
  } finally {
    connection.idling = false;
  }
  if (connection.quirks.idleEnd === 'unavailable') {
    await connection.line(`${tag} NO Server Unavailable. 15`);
    connection.bye('Connection closed.');
  }
  return 'OK IDLE completed.';
}
