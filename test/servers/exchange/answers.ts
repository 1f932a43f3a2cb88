// How a command ends other than well.

/** Ends a command with NO or BAD; the text is what follows the tag. */
export class Refused extends Error {}

/** The connection is over; whatever had to be said is said. */
export class Ended extends Error {}

export const no = (text: string) => new Refused(`NO ${text}`);
/** Exchange's words for what it cannot do, without a reason. */
export const badArgument = () => new Refused('BAD Command Argument Error. 11');
export const badCommand = () => new Refused('BAD Command Error. 10');
export const badState = () => new Refused('BAD Command received in Invalid state.');
export const unavailable = () => new Refused('NO Server Unavailable. 15');
