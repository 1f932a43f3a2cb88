// What the environment says of Microsoft sign-ins.
import type {SignInDefaults} from '../engine/auth/sign-ins.ts';
import type {FieldRules} from '../request/field-rules.ts';
import {type System, UsageProblem} from './system.ts';

type Environment = System['env'];

export const variables = {
  tenant: 'MAILFERRY_TENANT',
  clientId: 'MAILFERRY_CLIENT_ID',
  authority: 'MAILFERRY_AUTHORITY',
  secret: 'MAILFERRY_CLIENT_SECRET',
  certificate: 'MAILFERRY_CLIENT_CERTIFICATE',
} as const;

/** An empty variable is one that is not set. */
export function given(env: Environment, name: keyof typeof variables): string | undefined {
  const value = env[variables[name]]?.trim();
  return value === '' ? undefined : value;
}

/** @throws UsageProblem where the authority is no address */
export function defaultsOf(env: Environment): SignInDefaults {
  const tenant = given(env, 'tenant');
  const clientId = given(env, 'clientId');
  const authority = given(env, 'authority');
  if (authority !== undefined && !(URL.canParse(authority) && new URL(authority).protocol === 'https:'))
    throw new UsageProblem(
      `${variables.authority} is the address of an identity provider, for example https://login.microsoftonline.com.`,
    );
  return {
    ...(tenant === undefined ? {} : {tenant}),
    ...(clientId === undefined ? {} : {clientId}),
    ...(authority === undefined ? {} : {authority}),
  };
}

/** What the rules of a request may count on. */
export function microsoftRules(env: Environment): Pick<FieldRules, 'microsoft'> {
  const tenant = given(env, 'tenant');
  const clientId = given(env, 'clientId');
  const hasProof = given(env, 'secret') !== undefined || given(env, 'certificate') !== undefined;
  if (tenant === undefined && clientId === undefined && !hasProof) return {};
  return {
    microsoft: {
      hasProof,
      ...(tenant === undefined ? {} : {tenant}),
      ...(clientId === undefined ? {} : {clientId}),
    },
  };
}
