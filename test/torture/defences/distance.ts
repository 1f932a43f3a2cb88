// What is done while servers are waited for: more is under way to those that are far, what is answered is told, and what
// has moved is listed.

import type {Defence} from '../../helpers/defence.ts';
import {rowOf} from '../../helpers/defence.ts';

const sizes = rowOf('engine/copy/window', 'engine/copy/window');
const transfer = rowOf('engine/copy/transfer', 'engine/copy/window');
const writer = rowOf('engine/copy/writer', 'engine/copy/batch-time');
const toldEach = rowOf('engine/copy/writer', 'engine/copy/window');
const ahead = rowOf('engine/look/list-ahead', 'engine/look/list-ahead');

const two = 'there are two, and more where a batch takes hardly longer than the way to a far server';
const shown = 'a server that one batch has shown to be near is near, however far it seemed';
const far = 'far away more are under way, as long as they take hardly longer than the way';

export const distance: readonly Defence[] = [
  sizes('more is under way to a far server', 'Math.min(most, this.#size + 1)', 'this.#size', two),
  sizes('not beyond what is of use', 'Math.min(most, this.#size + 1)', 'this.#size + 1', two),
  sizes('nor to one that has no time left', 'ms < way * 3', 'ms > 0', 'two where they have none'),
  sizes('less again where it takes longer', 'Math.max(leastUnderWay, this.#size - 1)', 'this.#size', two),
  transfer(
    'reads so many ahead',
    'if (length >= this.#context.windows.source.size || ',
    'if (length >= leastUnderWay || ',
    'more than two are asked for where the servers are far, and have time left',
  ),
  transfer(
    'and no more bytes of them than two of the largest have',
    'all + batch.bytes, next) <= mostUnderWay',
    'all + batch.bytes, next) >= 0',
    'no more of large messages than two of the largest batches hold',
  ),
  writer(
    'stores so many before an answer',
    'return length > size || ',
    'return length > leastUnderWay || ',
    far,
  ),
  writer(
    'and no more bytes of them either',
    ' || this.#sent.reduce((all, {held}) => all + held, 0) > mostUnderWay',
    '',
    far,
  ),
  transfer(
    'takes answers while the next batch is waited for',
    '    await this.#confirmUntil(read.fetched);\n',
    '',
    'what is answered is told while the next is waited for',
  ),
  ahead(
    'lists a folder when it has moved',
    '      await this.#listMoved(work);\n',
    '',
    'a folder that has moved is listed while another one is still on its way',
  ),
  ahead(
    'sees what has changed since',
    'return untouched && work.state',
    'return work.state',
    'what the destination does not hold after all is listed as failed',
  ),
  ahead(
    'writes in the end what the disk has not taken for a moment',
    '!written || ',
    '',
    'rows that the disk has not taken for a moment are written in the end',
  ),
  sizes('takes no near server for a far one', 'Math.min(roundTrip, this.#quickest)', 'roundTrip', shown),
  sizes('nor one that is as near as near goes', 'way > nearMs && ', '', shown),
  sizes('begins anew when the connection went', '    this.#size = leastUnderWay;\n', '', two),
  transfer(
    'sends no more than two batches before a pause',
    'written < leastUnderWay && !finish.aborted',
    'written < 99 && !finish.aborted',
    'a pause comes after two batches more, and the others are asked for again',
  ),
  transfer(
    'reads no further ahead where each message is waited for',
    ' || !isUnasked(this.#writer.strategy)) return false;',
    ') return false;',
    'two where the destination is waited for with each message',
  ),
  transfer(
    'nor where messages are larger than was said',
    'this.#understated = true;',
    'this.#understated = false;',
    'few where the source says less of messages than they have',
  ),
  toldEach(
    'listens while it waits for an answer',
    '    this.#target.wire.listen();\n    await this.#sent[0]',
    '    await this.#sent[0]',
    'what is answered message by message is told too while the next batch is waited for',
  ),
  writer(
    'learns nothing from what was not waited for',
    'if (isUnasked(strategy) && !(answer instanceof ServerRefused))',
    'if (strategy !== undefined)',
    'what is refused at once, or answered as it was sent, says nothing of how far a server is',
  ),
  writer(
    'counts what messages hold, not what was said of them',
    'Math.max(bytes, real)',
    'Math.max(bytes, 0 * real)',
    'a source that has announced too little holds no more memory for it',
  ),
  rowOf('engine/copy/finish', 'engine/copy/finish')(
    'leaves nobody who waits for the destination in vain',
    '  answer.catch(() => undefined);\n',
    '',
    'where counting fails nobody is left who waits for the destination',
  ),
];
