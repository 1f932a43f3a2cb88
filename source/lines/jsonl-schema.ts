// The events of a run as a schema. Follows engine/events.ts; the tests compare the two types, so that neither can change
// alone.
import {z} from 'zod';
import {eventVersion, folderStates, requestStates} from '../engine/events.ts';

const text = z.string();
const count = z.number();
const index = z.number();
/** ms since 1970 */
const time = z.number();

const end = z.enum(['source', 'destination']);

export const problemSchema = z.object({
  code: text,
  scope: z.enum(['message', 'folder', 'mailbox', 'run']),
  verdict: z.enum(['again', 'slower', 'skip', 'stop']),
  end: end.exactOptional(),
  sentence: text,
  nextStep: text.exactOptional(),
  detail: text.exactOptional(),
  link: text.exactOptional(),
});

export const countsSchema = z.object({
  selected: count,
  copied: count,
  alreadyPresent: count,
  skipped: count,
  failed: count,
  bytes: count,
});

export const requestSummarySchema = z.object({
  request: index,
  title: text,
  type: text,
  source: text,
  sourceServer: text,
  destination: text,
  destinationServer: text,
  destinationFolder: text,
});

export const requestStateSchema = z.enum(requestStates);

export const folderStateSchema = z.enum(folderStates);

export const plannedFolderSchema = z.object({
  folder: index,
  source: text,
  destination: text,
  selected: z.boolean(),
  reason: text.exactOptional(),
  messages: count,
  bytes: count.exactOptional(),
  notes: z.array(text).readonly(),
});

export const messageNameSchema = z.object({
  uid: z.number(),
  subject: text.exactOptional(),
  messageId: text.exactOptional(),
  date: time.exactOptional(),
  size: count.exactOptional(),
});

const inFolder = {at: time, request: index, folder: index};
const inRequest = {at: time, request: index};

export const runEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run-started'),
    at: time,
    version: z.literal(eventVersion),
    run: text,
    dryRun: z.boolean(),
    requests: z.array(requestSummarySchema).readonly(),
    mailboxes: count.exactOptional(),
  }),
  z.object({
    type: z.literal('request-state'),
    ...inRequest,
    state: requestStateSchema,
    problem: problemSchema.exactOptional(),
  }),
  z.object({
    type: z.literal('signed-in'),
    ...inRequest,
    end,
    login: text,
    server: text,
    capabilities: z.array(text).readonly(),
    freeBytes: count.exactOptional(),
  }),
  z.object({
    type: z.literal('folders-planned'),
    ...inRequest,
    folders: z.array(plannedFolderSchema).readonly(),
  }),
  z.object({type: z.literal('folder-renamed'), ...inFolder, destination: text}),
  z.object({
    type: z.literal('folder-state'),
    ...inFolder,
    state: folderStateSchema,
    problem: problemSchema.exactOptional(),
  }),
  z.object({
    type: z.literal('folder-counted'),
    ...inFolder,
    selected: count,
    selectedBytes: count,
    alreadyPresent: count,
    alreadyPresentBytes: count,
    copied: count.exactOptional(),
    copiedBytes: count.exactOptional(),
  }),
  z.object({type: z.literal('messages-copied'), ...inFolder, messages: count, bytes: count}),
  z.object({
    type: z.literal('message-skipped'),
    ...inFolder,
    message: messageNameSchema,
    problem: problemSchema,
    wasPresent: z.literal(true).exactOptional(),
  }),
  z.object({
    type: z.literal('message-failed'),
    ...inFolder,
    message: messageNameSchema,
    problem: problemSchema,
  }),
  z.object({type: z.literal('message-found'), ...inFolder, message: messageNameSchema}),
  z.object({
    type: z.literal('note'),
    at: time,
    request: index.exactOptional(),
    folder: index.exactOptional(),
    problem: problemSchema,
  }),
  z.object({type: z.literal('waiting'), ...inRequest, end, until: time, problem: problemSchema}),
  z.object({type: z.literal('wait-ended'), ...inRequest, end}),
  z.object({type: z.literal('connection-lost'), ...inRequest, end, attempt: count, problem: problemSchema}),
  z.object({type: z.literal('lanes'), ...inRequest, lanes: count}),
  z.object({type: z.literal('request-finished'), ...inRequest, counts: countsSchema}),
  z.object({
    type: z.literal('request-measured'),
    ...inRequest,
    messages: count,
    bytes: count.exactOptional(),
  }),
  z.object({type: z.literal('request-first'), ...inRequest}),
  z.object({type: z.enum(['request-paused', 'request-resumed']), ...inRequest}),
  z.object({type: z.literal('request-stopping'), ...inRequest, how: z.enum(['finish', 'abort'])}),
  z.object({type: z.literal('mailboxes-changed'), at: time, mailboxes: count}),
  z.object({type: z.literal('paused'), at: time}),
  z.object({type: z.literal('resumed'), at: time}),
  z.object({type: z.literal('stopping'), at: time, how: z.enum(['finish', 'abort'])}),
  z.object({
    type: z.literal('run-finished'),
    at: time,
    exitCode: z.number(),
    totals: countsSchema,
    reports: text.exactOptional(),
  }),
]);
