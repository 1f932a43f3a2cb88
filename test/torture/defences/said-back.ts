// A server or an identity provider that says a secret back: it is in nothing that is told of it.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const entered = rowOf('engine/imap/sign-in', 'engine/imap/said-back');
const heard = rowOf('engine/imap/wire', 'engine/imap/said-back');
const given = rowOf('engine/auth/identity-answer', 'engine/auth/hide');
const hidden = rowOf('engine/auth/hide', 'engine/auth/hide');

const later = 'is not told where it is said later: %s';
const byProvider = 'that says the %s back is not quoted with it';
const inForm = 'a secret is hidden %s, and the words around it are kept';
const cut = 'what a server cuts off is hidden too: %s';
const word = 'a word of the server is no secret that was cut off, unless it stands where the secret was said';
const short = 'a secret that is shorter than any word hides nothing, a short one no part of a word';
const whole = 'an error is cleared in every text, down to what it came from';

export const saidBack: readonly Defence[] = [
  entered(
    'a refused sign-in tells no secret',
    '    hideIn(cause, hide);\n',
    '',
    'is not told where it is said in answer to the sign-in: %s',
  ),
  entered('nor do words that come later', 'words => hide(humanText(words))', 'humanText', later),
  entered(
    'nor do capabilities',
    'capabilityName.test(hide(name))',
    'capabilityName.test(name)',
    'is not told where it is said among the capabilities',
  ),
  heard(
    'a goodbye is among those words',
    'undefined : this.#words(this.#bye)',
    'undefined : this.#bye',
    later,
  ),
  heard('and a refusal', 'this.#words(text || rest)', 'humanText(text || rest)', later),
  heard(
    'and what nobody asked for',
    "'The server answered out of step', this.#words(line)",
    "'The server answered out of step', humanText(line)",
    later,
  ),
  given('what a provider says is told without', '? hide(description)', '? description', byProvider),
  given('so is the name of its error', 'oauthError: hide(error)', 'oauthError: error', byProvider),
  rowOf('engine/auth/msal', 'engine/auth/hide')(
    "nor does MSAL's own error tell it",
    'description: hide(words)',
    'description: words',
    'nor where it gives its error no name, and MSAL says what is wrong',
  ),
  hidden('in any case of letters', "'giu'", "'gu'", inForm),
  hidden('with the quotes of LOGIN', "    secret.replace(/[\"\\\\]/g, '\\\\$&'),\n", '', inForm),
  hidden('byte by byte', "    Buffer.from(secret).toString('latin1'),\n", '', inForm),
  hidden('encoded for a URL', '    encodeURIComponent(whole),\n', '', inForm),
  hidden('and as a form', "    new URLSearchParams([['', whole]]).toString().slice(1),\n", '', inForm),
  hidden('in base64, whatever stands before it', 'return [0, 1, 2].map', 'return [0].map', inForm),
  hidden('in that of URLs', ".replaceAll('-', '+').replaceAll('_', '/')", '', inForm),
  hidden('what was cut off', 'cut === 0 ? hidden', 'cut >= 0 ? hidden', cut),
  hidden('in base64 too', ' || cutOff(plain, core) > 0', '', cut),
  hidden('a word of its own is none of it', ', tells)));', ')));', word),
  hidden('but where it was said', " || before.endsWith('\"')", '', word),
  hidden(
    'from one place',
    '(?<=[\\p{L}\\p{N}]|^)',
    '',
    'the end of a text is looked for from one place only',
  ),
  hidden('a word stays whole', 'form.length < unlikely', 'form.length < 0', short),
  hidden('and a sentence', 'secret.length >= shortest', 'secret.length >= 0', short),
  hidden('in what an error came from', 'else if (isOfIt(value))', 'else if (name === undefined)', whole),
  hidden('which may be itself', ' || deepest === 0', '', whole),
  hidden(
    'of what is too long to be read no more is looked at',
    '      .slice(0, longest)\n',
    '',
    'what is very long is looked through in no time, and cut where nobody reads',
  ),
];
