// What the user asked for. These schemas are the only source of the request's type.
import {z} from 'zod';
import type {SecretReference} from './secret.ts';

export const endpointSchema = z.object({
  provider: z.enum(['o365', 'imap', 'vaultastic', 'skyconnect', 'gmail']),
  userId: z.string(),
  domain: z.string(),
  server: z.string(),
  port: z.int().min(1).max(65_535),
  security: z.enum(['tls', 'starttls', 'none']),
  auth: z.enum(['password', 'oauth-app', 'oauth-device']),
  secret: z.custom<SecretReference>(),
});

export const requestSchema = z.object({
  title: z.string(),
  type: z.string(),
  source: endpointSchema,
  destination: endpointSchema,
  /** Empty: to the top of the destination mailbox (only where the destination is not Office 365). */
  destinationFolder: z.string(),
  /** Inclusive, on INTERNALDATE, YYYY-MM-DD. */
  since: z.string().optional(),
  /** Exclusive. */
  before: z.string().optional(),
  /** Exact path, levels joined by '/'; with everything below it. */
  sourceFolder: z.string().optional(),
  /** Folder paths (levels joined by '/') the person switched on or off in the check, against the rule. */
  include: z.array(z.string()).default([]),
  exclude: z.array(z.string()).default([]),
  withJunk: z.boolean().default(false),
});

export type Endpoint = Readonly<z.output<typeof endpointSchema>>;
export type Request = Readonly<z.output<typeof requestSchema>>;
