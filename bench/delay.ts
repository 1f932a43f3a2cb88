// Starts and ends the process that stands for distance.
import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';

export type Line = {readonly port: number; end(): Promise<void>};

const program = fileURLToPath(new URL('./delay-proxy.ts', import.meta.url));

/** A port of 127.0.0.1 that is `roundTripMs` away from the server's; the server's own at 0. */
export async function startDelay(port: number, roundTripMs: number): Promise<Line> {
  if (roundTripMs === 0) return {port, end: async () => undefined};
  const child = spawn(process.execPath, [program, String(port), String(roundTripMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
  const own = await new Promise<number>((resolve, reject) => {
    createInterface({input: child.stdout}).once('line', line => resolve(Number(line)));
    child.once('error', reject);
    void ended.then(() => reject(new Error('The delay proxy did not start.')));
  });
  return {
    port: own,
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}
