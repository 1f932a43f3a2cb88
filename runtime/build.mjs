// Compiles source/ to dist/, into a few files: a start that has to find hundreds of small ones takes twice as long.
// The packages of the engine go in with it, and their licences into THIRD-PARTY.txt; those of the screens stay apart,
// since they are loaded with the screens only, and so do those with code for one platform.
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {isBuiltin} from 'node:module';
import {dirname, join, relative, sep} from 'node:path';
import {fileURLToPath} from 'node:url';
import {rolldown} from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const apart = /^(@azure\/msal-node|@napi-rs\/keyring|conf|ink|ink-table|react)(\/|$)/;

/**
 * imapflow signs in and hands its socket over: what it has for proxies, logs and the decoding of messages is never
 * called, and is two thirds of what a start would read and run. Called all the same, it says so.
 */
function leftOut() {
  const unused =
    /^(pino|socks|libmime|libqp|libbase64|iconv-lite|encoding-japanese|@zone-eu\/mailsplit(\/.*)?)$/;
  const id = '\0left-out';
  return {
    name: 'left-out',
    resolveId: (source, importer) =>
      unused.test(source) && /[\\/]imapflow[\\/]/.test(importer ?? '') ? id : undefined,
    load: asked =>
      asked === id
        ? `const fail = () => { throw new Error('This part of imapflow is not in mailferry.'); };
           const absent = new Proxy(class {}, {get: fail, apply: fail, construct: fail});
           export {absent as default, absent as SocksClient, absent as Headers};`
        : undefined,
  };
}

/**
 * Node's own modules by process.getBuiltinModule: an import statement would read each of their exports, and so load
 * what only a getter loads (streams of files, the web's cryptography). The first file is read by an older Node too, which
 * may not have it.
 */
function plainBuiltins() {
  const statement = /^import (?:\* as )?(\w+)?(?:, )?(?:{ (.+) })? ?from "(.+)";$/gm;
  return {
    name: 'plain-builtins',
    renderChunk: (code, {isEntry}) =>
      isEntry
        ? null
        : code.replace(statement, (whole, all, some, id) => {
            if (!isBuiltin(id) || (all === undefined && some === undefined)) return whole;
            const module = `globalThis.process.getBuiltinModule("${id}")`;
            const parts = [];
            if (all !== undefined) parts.push(`const ${all} = ${module};`);
            if (some !== undefined) parts.push(`const { ${some.replaceAll(' as ', ': ')} } = ${module};`);
            return parts.join(' ');
          }),
  };
}

rmSync(dist, {recursive: true, force: true});
const bundle = await rolldown({
  input: {cli: join(root, 'source', 'cli.ts')},
  platform: 'node',
  external: apart,
  tsconfig: join(root, 'tsconfig.json'),
  plugins: [leftOut(), plainBuiltins()],
});
const {output} = await bundle.write({
  dir: dist,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  // A quarter less to read at each start. Names stay, so that what a person reports can be read.
  comments: false,
  // Node takes a file of ASCII as it is; any other it decodes at each start, into twice the memory.
  charset: 'ascii',
  minify: {compress: false, mangle: false, codegen: {removeWhitespace: true}},
});
await bundle.close();

// What is in each file, for the test of what a start loads: the files themselves do not say it.
const inside = output.map(chunk => [
  chunk.fileName,
  Object.entries(chunk.modules ?? {})
    .filter(([, {code}]) => (code ?? '') !== '')
    .map(([id]) => relative(root, id).split(sep).join('/')),
]);
const cache = join(root, 'node_modules', '.cache');
mkdirSync(cache, {recursive: true});
writeFileSync(join(cache, 'mailferry-modules.json'), JSON.stringify(Object.fromEntries(inside)));

/** The folder of the package that a module is from, below the last node_modules of its path. */
const packageOf = id => /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id)?.[1];

const folders = new Set(output.flatMap(chunk => (chunk.moduleIds ?? []).map(packageOf)).filter(Boolean));
const notices = [...folders].sort().map(folder => {
  const {name, version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find(each => /^licen[cs]e/i.test(each));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version}, ${typeof license === 'string' ? license : 'see its licence'}\n\n${text}\n`;
});
writeFileSync(join(dist, 'THIRD-PARTY.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`));
if (!existsSync(join(dist, 'cli.js'))) throw new Error('dist/cli.js was not made');
