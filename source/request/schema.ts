// What the user asked for. These schemas are the only source of the request's type. They ask the same rule
// functions as the form, so a request that was built anywhere else is held to the same rules.
import {z} from 'zod';
import {mailboxKey} from './endpoint.ts';
import {destinationFolderRule, sourceFolderRule} from './folder-rules.ts';
import {clientIdRule, signInUserRule, tenantRule} from './microsoft-rules.ts';
import {providers} from './providers/catalogue.ts';
import {
  dayRule,
  domainRule,
  periodRule,
  type Refusal,
  sameMailboxSentence,
  serverRule,
  titleRule,
  userIdRule,
} from './rules.ts';
import type {SecretReference} from './secret.ts';
import {secretReferenceRule} from './secret-text.ts';
import {findType} from './types.ts';

type Context = z.core.$RefinementCtx;

function refuse(context: Context, sentence: Refusal, ...path: string[]): void {
  if (sentence !== undefined) context.addIssue({code: 'custom', message: sentence, path});
}

/** A text held to one rule. */
function text(rule: (text: string) => Refusal) {
  return z.string().superRefine((value, context) => refuse(context, rule(value)));
}

const secretSchema = z.custom<SecretReference>().superRefine((reference, context) => {
  refuse(context, secretReferenceRule(reference));
});

/** Whether `security: 'none'` is allowed depends on the run's options, so the form checks that. */
const endpointSchema = z
  .object({
    provider: z.enum(['o365', 'imap', 'vaultastic', 'skyconnect', 'gmail']),
    userId: text(userIdRule),
    domain: z.string(),
    server: text(serverRule),
    port: z.int().min(1).max(65_535),
    security: z.enum(['tls', 'starttls', 'none']),
    auth: z.enum(['password', 'oauth-app', 'oauth-device', 'oauth-browser']),
    /** The mailbox's password; with oauth-app the application's secret. */
    secret: secretSchema,
    /** Microsoft sign-in, where it is not what counts for the whole run: the directory, by id or domain. */
    tenant: text(tenantRule).optional(),
    /** Application (client) id. */
    clientId: text(clientIdRule).optional(),
    /** Who signs in, where it is not the mailbox itself: a shared mailbox. */
    signInUser: text(signInUserRule).optional(),
  })
  .superRefine((endpoint, context) => {
    refuse(context, domainRule(endpoint.domain, providers[endpoint.provider]), 'domain');
    if (endpoint.auth !== 'password' && endpoint.provider !== 'o365') {
      refuse(context, 'Microsoft sign-in is for Office 365.', 'auth');
    }
  });

export const requestSchema = z
  .object({
    title: text(titleRule),
    /** A code of types.ts: 'O365-IMAP'. */
    type: z.string(),
    source: endpointSchema,
    destination: endpointSchema,
    /** Empty: to the top of the destination mailbox (only where the destination is not Office 365). */
    destinationFolder: z.string(),
    /** Inclusive, on INTERNALDATE, YYYY-MM-DD. */
    since: text(dayRule).optional(),
    /** Exclusive. */
    before: text(dayRule).optional(),
    /** Exact path, levels joined by '/'; with everything below it. */
    sourceFolder: text(sourceFolderRule).optional(),
    /** What may be changed about a message that the destination has refused (engine/messages/mend.ts). */
    repair: z.enum(['lines', 'bytes', 'all']).optional(),
    /** Folder paths (levels joined by '/') the person switched on or off in the check, against the rule. */
    include: z.array(z.string()).default([]),
    exclude: z.array(z.string()).default([]),
    withJunk: z.boolean().default(false),
  })
  .superRefine((request, context) => {
    const type = findType(request.type);
    if (type?.code !== request.type) refuse(context, 'There is no such request type.', 'type');
    for (const end of ['source', 'destination'] as const) {
      if (type !== undefined && type[end] !== request[end].provider) {
        refuse(context, `The ${end} is not what the type ${type.code} says.`, end, 'provider');
      }
    }
    if (mailboxKey(request.source) === mailboxKey(request.destination)) {
      refuse(context, sameMailboxSentence, 'destination', 'userId');
    }
    const {id, reservedFolders} = providers[request.destination.provider];
    refuse(
      context,
      destinationFolderRule(request.destinationFolder, id === 'o365', reservedFolders),
      'destinationFolder',
    );
    if (request.since !== undefined && request.before !== undefined) {
      refuse(context, periodRule(request.since, request.before), 'before');
    }
  });

export type Endpoint = Readonly<z.output<typeof endpointSchema>>;
export type Request = Readonly<z.output<typeof requestSchema>>;
