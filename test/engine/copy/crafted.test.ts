// Mail made to hurt whoever reads it arrives as it was, in every way of storing, in large and in small batches.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {craftedMail} from '../../helpers/mail-crafted.ts';
import {describeDovecot} from '../../servers/dovecot.ts';
import {CraftedRoom, type Way} from '../../torture/crafted-room.ts';

const small = 256 * 1024;
const large = 16 * 1024 * 1024;

describeDovecot('crafted mail', () => {
  const mail = craftedMail(20261126, 'short');
  let room: CraftedRoom;
  beforeAll(async () => {
    room = await CraftedRoom.open();
    // Dovecot stores no message of no bytes.
    expect(await room.fill(mail)).toEqual(['empty']);
  });
  afterAll(async () => room?.close());

  it.concurrent.each<[Way, number]>([
    ['multiappend', small],
    ['pipelined', large],
    ['overlapped', small],
  ])(
    '%s, %d bytes on their way: byte for byte, and none again with or without the ledger',
    async (way, memory) => {
      const {run: _, ...carried} = await room.carry(way, memory);
      const same = {compared: mail.length - 1, lost: [], doubled: [], foreign: []};
      expect(carried).toEqual({...same, exitCode: 0, copiedAgain: 0, copiedWithoutLedger: 0, changed: same});
    },
  );
});
