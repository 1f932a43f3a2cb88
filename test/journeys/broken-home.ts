// Runs the program with a home screen that breaks in the way BREAKS says, as a bug of ours would.
import {registerHooks} from 'node:module';

const ways: Readonly<Record<string, string>> = {
  drawing: `throw new Error('planted');`,
  later: `setTimeout(() => { throw new Error('planted'); }, 50); return null;`,
  promise: `setTimeout(() => Promise.reject(new Error('planted')), 50); return null;`,
};

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const source = url.includes('/dist/') ? String(loaded.source) : '';
    if (!source.includes('function Home(')) return loaded;
    const body = ways[process.env['BREAKS'] ?? ''] ?? '';
    return {
      ...loaded,
      source: source.replace('function Home(', `function Home() { ${body} }\nfunction Whole(`),
    };
  },
});

const cli = new URL('../../dist/cli.js', import.meta.url);
await import(cli.href);
