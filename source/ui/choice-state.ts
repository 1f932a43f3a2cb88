// Moving through a few values.

export type Option = {readonly value: string; readonly label: string};

/** The value `by` places on, round the ends; the first one where none is chosen. */
export function chosenAfter(options: readonly Option[], value: string, by: number): string {
  const index = options.findIndex(option => option.value === value);
  const next = index < 0 ? 0 : (index + by + options.length) % options.length;
  return options[next]?.value ?? value;
}
