// Runs the program with a home screen that breaks in the way BREAKS says, as a bug of ours would.
import {registerHooks} from 'node:module';

const ways: Readonly<Record<string, string>> = {
  drawing: `throw new Error('planted');`,
  later: `setTimeout(() => { throw new Error('planted'); }, 50); return null;`,
  promise: `setTimeout(() => Promise.reject(new Error('planted')), 50); return null;`,
};

registerHooks({
  load(url, context, next) {
    if (!url.endsWith('/dist/home/home.js')) return next(url, context);
    const body = ways[process.env['BREAKS'] ?? ''] ?? '';
    return {format: 'module', shortCircuit: true, source: `export function Home() { ${body} }`};
  },
});

const cli = new URL('../../dist/cli.js', import.meta.url);
await import(cli.href);
