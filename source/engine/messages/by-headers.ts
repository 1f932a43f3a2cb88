// Which of several messages of one content belong together: those whose headers agree as well, as far as those survive a
// server that writes mail anew (identity.ts). Without that, the one that is there would be taken for the one that is
// missing where nothing but a Subject or a sender tells them apart. Pure.
import type {KeyedMessage} from './match.ts';

/** UID to a text, at each end. */
export type Texts = {
  readonly source: ReadonlyMap<number, string>;
  readonly destination: ReadonlyMap<number, string>;
};

export type Ends = {
  readonly source: readonly KeyedMessage[];
  readonly destination: readonly KeyedMessage[];
};

type Tell = (message: KeyedMessage) => string | undefined;

/** All headers that identity knows but the Message-ID; undefined where nothing is known, as of a row of what is stored. */
const dated: Tell = ({hints = []}) => hints.at(-1);
/** Without the Date, which a server writes where there is none that it can read. A row of the ledger knows it no more. */
const head: Tell = ({hints = [], undated = hints.at(-1)}) => undated;
/** Of those that have no Message-ID: a server gives them one, and no other to those that have one. */
const unnamed: Tell = message => (message.strong ? undefined : head(message));

/** When it was sent, where nobody reads another moment in it. */
const sent: Tell = ({sentAt}) => (sentAt === undefined ? undefined : `${sentAt}`);

/** What tells messages of one content apart, the surest first. */
const tellings: readonly (readonly [source: Tell, destination: Tell])[] = [
  [unnamed, head],
  [dated, dated],
  [head, head],
  [sent, sent],
];

/** What is asked of messages of one content, in turn: the last asks nothing more. */
export function headerRounds({source, destination}: Ends): readonly (Texts | undefined)[] {
  const texts = (messages: readonly KeyedMessage[], tell: Tell) =>
    new Map(
      messages.flatMap(message => {
        const text = tell(message);
        return text === undefined ? [] : [[message.uid, text] as const];
      }),
    );
  const rounds = tellings.map(([mine, theirs]) => ({
    source: texts(source, mine),
    destination: texts(destination, theirs),
  }));
  return [...rounds, undefined];
}

/** Digests of those that have such a text, with it. */
export function withTexts(digests: Texts, texts: Texts | undefined): Texts {
  if (texts === undefined) return digests;
  const joined = (end: keyof Texts) =>
    new Map(
      [...texts[end]].flatMap(([uid, text]) => {
        const digest = digests[end].get(uid);
        return digest === undefined ? [] : [[uid, `${digest} ${text}`] as const];
      }),
    );
  return {source: joined('source'), destination: joined('destination')};
}

/** When messages were sent, by UID, as far as that is known: at different times they are two, also under one Message-ID. */
export type Times = {
  readonly [End in keyof Ends]: ReadonlyMap<number, number | undefined>;
};

export function timesOf({source, destination}: Ends): Times {
  const times = (messages: readonly KeyedMessage[]) =>
    new Map(messages.map(({uid, sentAt}) => [uid, sentAt] as const));
  return {source: times(source), destination: times(destination)};
}

/** By their UIDs. */
export function areApart({source, destination}: Times, mine: number, theirs: number): boolean {
  const [one, other] = [source.get(mine), destination.get(theirs)];
  return one !== undefined && other !== undefined && one !== other;
}
