// A browser as far as a sign-in needs one: opens the provider's page and sends the form on it.
import {type RequestOptions, request} from 'node:https';
import {text} from 'node:stream/consumers';

/** @param fields of a form to be posted @returns the body */
export function openPage(address: string, ca: string, fields?: Record<string, string>): Promise<string> {
  const options: RequestOptions = {
    ca,
    method: fields === undefined ? 'GET' : 'POST',
    headers: {'content-type': 'application/x-www-form-urlencoded'},
  };
  return new Promise((resolve, reject) => {
    const sent = request(address, options, response => {
      text(response).then(resolve, reject);
    });
    sent.on('error', reject);
    sent.end(fields === undefined ? undefined : new URLSearchParams(fields).toString());
  });
}

/** The form on a page: where it goes and what it says. */
export function formOn(page: string): {action: string; fields: Record<string, string>} {
  const plain = (value = '') => value.replaceAll('&quot;', '"');
  const inputs = [...page.matchAll(/name="(\w+)" value="([^"]*)"/g)];
  return {
    action: /action="([^"]+)"/.exec(page)?.[1] ?? '',
    fields: Object.fromEntries(inputs.map(([, name = '', value]) => [name, plain(value)])),
  };
}

/** Signs in on the page at the address, and gives what the program's own page says then. */
export async function signInAt(address: string, ca: string): Promise<string> {
  const {action, fields} = formOn(await openPage(address, ca));
  // The name localhost may mean ::1 first; a browser tries both.
  const response = await fetch(action.replace('localhost', '127.0.0.1'), {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  return response.text();
}
