// The machine that figures were measured on.
import {cpus, release, totalmem, type} from 'node:os';

/** `2 x AMD EPYC, 25 GB, Linux 6.18.5` */
export function machineText(): string {
  const [cpu] = cpus();
  return `${cpus().length} x ${cpu?.model.trim()}, ${(totalmem() / 1e9).toFixed(0)} GB, ${type()} ${release()}`;
}
