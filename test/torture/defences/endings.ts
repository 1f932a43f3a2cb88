// The exit code is right in every case.
import type {Change, Defence} from '../../helpers/defence.ts';

const file = 'engine/batch-outcome.ts';

function outcome(about: string, code: string, instead: string, title = 'where %s'): Defence {
  return {about, change: {file, code, instead}, test: 'engine/batch-outcome.test.ts', title};
}

const halted = 'a run that a full disk stopped %s was not stopped by the user';

const checked = (about: string, code: string, instead: string): Defence => ({
  about,
  change: {file: 'check/row.ts', code, instead},
  test: 'check/check.test.ts',
  title: 'the exit code is the one of the contract',
});

const unwritten = (about: string, change: Change): Defence => ({
  about,
  change,
  test: 'program/start-run.test.ts',
  title: 'a list of mail that is not whole is said, and no run ends well with it',
});

const told = (
  about: string,
  code: string,
  instead: string,
  title = 'so is what refuses a command, and what is a bug',
): Defence => ({
  about,
  change: {file: 'program/endings.ts', code, instead},
  test: 'program/load.test.ts',
  title,
});

const lost = 'so is a run of another process that was lost: %s';

const unstarted = (about: string, change: Change): Defence => ({
  about,
  change,
  test: 'program/left.test.ts',
  title: 'leaving %s is a stop by the person, and said',
});

const asked = (about: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: 'program/ask.ts', code, instead},
  test: 'program/ask.test.ts',
  title,
});

const cancelled = 'is cancelled by %s, with the exit code of a stop and the terminal as before';

const early = (about: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: 'program/early-keys.ts', code, instead},
  test: 'program/early-keys.test.ts',
  title,
});

const clock = (
  about: string,
  code: string,
  instead: string,
  title = 'goes on from where it is when the machine is set back, as often as that is done',
): Defence => ({
  about,
  change: {file: 'program/steady-clock.ts', code, instead},
  test: 'program/steady-clock.test.ts',
  title,
});

const outputLost = (about: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: 'program/lost-output.ts', code, instead},
  test: 'program/lost-output.test.ts',
  title,
});

const program = (about: string, change: Change, test: string, title: string): Defence => ({
  about,
  change,
  test,
  title,
  built: true,
});

const loading = 'where %s comes before it has read its file';

export const endings: readonly Defence[] = [
  outcome('says that it was stopped', "if (is('Stopped')) return byUser ? 130 : 3;", ''),
  outcome('tells the user’s stop from another', 'return byUser ? 130 : 3;', 'return 130;', halted),
  outcome('says that something else stopped it in the last mailbox', 'if (!byUser) return 3;', '', halted),
  outcome(
    'says that nothing was valid',
    "if (outcomes.every(outcome => outcome.state === 'Invalid')) return 2;",
    '',
  ),
  outcome('says that nothing was reached', 'if (outcomes.every(outcome => !outcome.reached)) return 4;', ''),
  outcome(
    'does not say so where one was reached',
    'outcomes.every(outcome => !',
    'outcomes.some(outcome => !',
  ),
  outcome('counts mailboxes that failed', "if (is('Failed') || ", 'if ('),
  outcome('counts requests that are not valid', "|| is('Invalid') ||", '||'),
  outcome('counts messages that failed', ' || outcomes.some(outcome => outcome.counts.failed > 0)', ''),
  ...[
    {
      file: 'engine/request.ts',
      code: 'listed || earlier === undefined ? sum(works.map(work => work.tally.counts)) : earlier.counts',
      instead: 'sum(works.map(work => work.tally.counts))',
    },
    {file: 'engine/request.ts', code: 'earlier?.reached ?? false', instead: 'false'},
    {
      file: 'progress/fold-request.ts',
      code: '  clearWaits(draft, request);\n  request.counted = false;\n',
      instead: '  clearFolders(draft, request);\n  clearWaits(draft, request);\n  request.counted = false;\n',
    },
  ].map(change => ({
    about: 'what a mailbox has brought is not forgotten by a try that does not get in',
    change,
    test: 'engine/batch.test.ts',
    title: 'keeps what a mailbox has brought where another try does not get in',
  })),
  checked('a check of which all can start ends with 0', 'if (ready === requests) return 0;', ''),
  checked('a check that reached nothing ends with 4', 'if (unreached === requests) return 4;', ''),
  checked('a check of which nothing is valid ends with 2', 'ready === 0 && unreached === 0 ? 2 : 3', '3'),
  checked('one that is valid is enough for 3', 'ready === 0 && unreached', 'unreached'),
  unwritten('a run whose report is not whole does not end well', {
    file: 'program/start-run.ts',
    code: 'failures.length === 0 ? result.exitCode : Math.max(3, result.exitCode)',
    instead: 'result.exitCode',
  }),
  unwritten('nor does it say so in its report', {
    file: 'report/writer.ts',
    code: '{...snapshot, exitCode: Math.max(3, snapshot.exitCode)}',
    instead: 'snapshot',
  }),
  told(
    'a command that is refused ends with 2',
    'return said(2, error.message);',
    'return said(1, error.message);',
  ),
  told('a bug ends with 1', '...said(1, `mailferry has made', '...said(2, `mailferry has made'),
  told('a run that was killed is no bug', 'killed: stoppedCode', 'killed: 1', lost),
  told('nor one that is not shown', 'refused: 2', 'refused: 1', lost),
  unstarted('a file that is left is no copy', {
    file: 'program/face.ts',
    code: '    if (exitCode === undefined) throw new Cancelled(notStarted);\n    return exitCode;',
    instead: '    return exitCode ?? 0;',
  }),
  {
    ...unstarted('nor is a question that is said no to', {
      file: 'program/run-command.ts',
      code: 'throw new Cancelled(notStarted)',
      instead: 'throw new UsageProblem(notStarted)',
    }),
    test: 'program/run-command.test.ts',
    title: 'who does not start it (%j) has stopped it',
  },
  asked(
    'a question ends with the terminal',
    "  lines.once('close', () => cancelled.abort());\n",
    '',
    'is cancelled where the terminal goes, and waits no longer',
  ),
  asked(
    'a question that is cancelled is a stop',
    'throw new Cancelled(cancelledWords);',
    'throw new Error(cancelledWords);',
    cancelled,
  ),
  asked(
    'a question leaves the terminal as it was',
    '  } finally {\n    lines.close();\n  }',
    '  }',
    'leaves the keyboard to whoever asks next',
  ),
  asked(
    'a password is not shown',
    'output: nowhere, terminal: true',
    'output: system.stderr, terminal: true',
    'a password is not shown, nor any of its keys',
  ),
  asked('only a yes is a yes', '/^y(es)?$/i', '/^y/i', '%j to a last yes is %s'),
  {
    about: 'a stop ends with 130',
    change: {file: 'early-stop.ts', code: 'stoppedCode = 130;', instead: 'stoppedCode = 1;'},
    test: 'program/ask.test.ts',
    title: cancelled,
  },
  early(
    'keys that come early are not shown',
    '  keyboard.setRawMode(true);\n',
    '',
    'takes the keyboard over before the work and gives it back afterwards',
  ),
  early(
    'the terminal is as before when the screens end, however',
    '    keyboard.setRawMode(false);\n',
    '',
    'gives it back where the work fails',
  ),
  early(
    'what is no terminal is left alone',
    '  if (!keyboard.isTTY) return work();\n',
    '',
    'leaves what is no terminal alone',
  ),
  clock('a run does not end before it began', '      ahead += last - time;\n', ''),
  clock('a small correction is waited for', 'last - time > corrected', 'true', 'waits for the machine after'),
  clock(
    'a night asleep is a night',
    '      last = time;\n',
    '',
    'goes with the machine, over a night asleep',
  ),
  {
    about: 'and no wait goes on after it',
    change: {
      file: 'program/awake-sleep.ts',
      code: 'Math.min(left, part)',
      instead: 'left',
    },
    test: 'program/awake-sleep.test.ts',
    title: 'what the machine has slept through is not waited for again',
  },
  {
    about: 'the clock of the program is that of a run',
    change: {file: 'main.ts', code: 'now = steadyClock(Date.now);', instead: 'now = Date.now;'},
    test: 'cli/clock.test.ts',
    title: 'a run never ends before it began, however often the clock is set back',
    built: true,
  },
  outputLost('a full disk is told once', 'if (lost || left', 'if (left', 'is told once'),
  outputLost('a reader may leave', ' || left.has(code)) return;', ') return;', 'a reader that has left'),
  outputLost('what is lost is remembered', '    lost = true;\n', '', 'is told once'),
  outputLost('the reason is in clean words', 'cleanText(message, 200)', 'message', 'is told once'),
  outputLost(
    'it goes on where nothing can be said',
    "  stderr.on('error', () => undefined);\n",
    '',
    'where nothing can be said any more the work goes on',
  ),
  program(
    'lines that nobody has are no success',
    {
      file: 'main.ts',
      code: 'if (code === 0 && !carries && lost()) process.exitCode = 1;',
      instead: 'lost();',
    },
    'cli/contract.test.ts',
    'goes on to the end where the disk of its lines is full, and says so once',
  ),
  program(
    'lines that a run could not print are no failure of it',
    {file: 'main.ts', code: 'code === 0 && !carries && lost()', instead: 'code === 0 && lost()'},
    'cli/contract.test.ts',
    'goes on to the end where the disk of its lines is full, and says so once',
  ),
  program(
    'the program ends with what the command came to',
    {
      file: 'main.ts',
      code: 'process.exitCode = await carryOut(argv, system, () => process.exit(1));',
      instead: 'await carryOut(argv, system, () => process.exit(1));',
    },
    'cli/exit-codes.test.ts',
    'none can be reached',
  ),
  program(
    'a stop is heard while the program is loaded',
    {file: 'cli.ts', code: '  stopAtOnce();\n  // Each', instead: '  // Each'},
    'cli/exit-codes.test.ts',
    loading,
  ),
  program(
    'and is one, not the end of work',
    {file: 'early-stop.ts', code: 'process.exitCode ?? stoppedCode', instead: 'process.exitCode ?? 0'},
    'cli/exit-codes.test.ts',
    loading,
  ),
  program(
    'so is being asked to end',
    {file: 'early-stop.ts', code: "['SIGINT', 'SIGTERM'] as const", instead: "['SIGINT'] as const"},
    'cli/exit-codes.test.ts',
    loading,
  ),
  program(
    'an older Node is refused in words',
    {
      file: 'cli.ts',
      code: "Number(versions.node.split('.')[0]) < oldest",
      instead: "Number(versions.node.split('.')[0]) < 0",
    },
    'package.test.ts',
    'an older Node gets one sentence, not a stack',
  ),
  program(
    'and nothing of it is taken for success',
    {file: 'cli.ts', code: '  process.exitCode = 1;\n', instead: ''},
    'package.test.ts',
    'an older Node gets one sentence, not a stack',
  ),
];
