// What kind of switch a quirk is, and how its value is read from a command line.

type About = {
  /** A number; quirks that belong together have the same. */
  readonly fact: number;
  /** One sentence: what the server does when it is on. */
  readonly about: string;
};

export type OnOff = About & {readonly kind: 'on-off'; readonly usual: boolean; readonly hard: boolean};
export type Choice<Value extends string> = About & {
  readonly kind: 'choice';
  readonly values: readonly Value[];
  readonly usual: Value;
  readonly hard: Value;
};
export type Count = About & {
  readonly kind: 'count';
  readonly unit: string;
  readonly usual: number;
  readonly hard: number;
};

/**
 * `usual`: what the server does where nothing else is said. `hard`: what it does when everything a client must
 * withstand comes at once.
 */
export function onOff(
  fact: number,
  {usual, hard = usual}: {usual: boolean; hard?: boolean},
  about: string,
): OnOff {
  return {kind: 'on-off', fact, usual, hard, about};
}

export function choice<const Value extends string>(
  fact: number,
  values: readonly Value[],
  {usual, hard = usual}: {usual: NoInfer<Value>; hard?: NoInfer<Value>},
  about: string,
): Choice<Value> {
  return {kind: 'choice', fact, values, usual, hard, about};
}

export function count(
  fact: number,
  unit: string,
  {usual, hard = usual}: {usual: number; hard?: number},
  about: string,
): Count {
  return {kind: 'count', fact, unit, usual, hard, about};
}

export type ValueOf<Definition> =
  Definition extends Choice<infer Value>
    ? Value
    : Definition extends OnOff
      ? boolean
      : Definition extends Count
        ? number
        : never;

/** What may be written after the name. */
export function valuesText(definition: OnOff | Choice<string> | Count): string {
  if (definition.kind === 'on-off') return 'on|off';
  return definition.kind === 'choice' ? definition.values.join('|') : definition.unit;
}

/** @throws Error with a sentence where the text is no value of this quirk */
export function readValue(name: string, definition: OnOff | Choice<string> | Count, text: string): unknown {
  if (definition.kind === 'on-off' && /^(on|off)$/.test(text)) return text === 'on';
  if (definition.kind === 'choice' && definition.values.includes(text)) return text;
  if (definition.kind === 'count' && /^\d{1,12}$/.test(text)) return Number(text);
  throw new Error(`"${text}" is no value of ${name}: it takes ${valuesText(definition)}`);
}
