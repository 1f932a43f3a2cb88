// Changes values inside JSON: what it says stays JSON, and is not what it was.
import type {Random} from '../../helpers/mail-random.ts';

/** Written as JSON, so that it holds what no object literal can. */
const odd = [
  'null',
  'true',
  '0',
  '-1',
  '1.5',
  '1e308',
  '-1e308',
  '4294967296',
  '9007199254740993',
  '""',
  '"x"',
  '"\\u0000"',
  '"\\u001b]0;x\\u0007"',
  '"\\ud800"',
  '"\\u202eexe"',
  '"__proto__"',
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '{"__proto__":{"x":1}}',
  '{"length":4294967295}',
] as const;

/** Objects keep a place for `__proto__`, which an object of JavaScript would not. */
type Node = {readonly list: Node[]} | {readonly pairs: [string, Node][]} | {readonly raw: string};

function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) return {list: value.map(nodeOf)};
  if (typeof value === 'object' && value !== null)
    return {pairs: Object.entries(value).map(([key, each]) => [key, nodeOf(each)])};
  return {raw: JSON.stringify(value)};
}

function textOf(node: Node): string {
  if ('list' in node) return `[${node.list.map(textOf).join(',')}]`;
  if ('pairs' in node)
    return `{${node.pairs.map(([key, each]) => `${JSON.stringify(key)}:${textOf(each)}`).join(',')}}`;
  return node.raw;
}

function childrenOf(node: Node): {
  at(index: number): Node;
  set(index: number, to: Node): void;
  count: number;
  drop(index: number): void;
} {
  if ('list' in node)
    return {
      count: node.list.length,
      at: index => node.list[index] ?? node,
      set: (index, to) => {
        node.list[index] = to;
      },
      drop: index => node.list.splice(index, 1),
    };
  const pairs = 'pairs' in node ? node.pairs : [];
  return {
    count: pairs.length,
    at: index => pairs[index]?.[1] ?? node,
    set: (index, to) => {
      const pair = pairs[index];
      if (pair !== undefined) pair[1] = to;
    },
    drop: index => pairs.splice(index, 1),
  };
}

/** Lines of JSON too: one of them is changed. Text that is no JSON stays as it is. */
export function changedJson(text: string, random: Random): string {
  const lines = text.split('\n');
  const which = random.below(lines.length);
  try {
    const changed = changedValue(nodeOf(JSON.parse(lines[which] ?? '')), random);
    return lines.toSpliced(which, 1, changed).join('\n');
  } catch {
    // Written over several lines, or no JSON.
  }
  try {
    return changedValue(nodeOf(JSON.parse(text)), random);
  } catch {
    return text;
  }
}

function changedValue(root: Node, random: Random): string {
  for (let change = 1 + random.below(3); change > 0; change--) {
    let node = root;
    let children = childrenOf(node);
    if (children.count === 0) return random.pick(odd);
    let index = random.below(children.count);
    // Down to any depth, each as likely.
    while (childrenOf(children.at(index)).count > 0 && random.below(3) > 0) {
      node = children.at(index);
      children = childrenOf(node);
      index = random.below(children.count);
    }
    switch (random.below(6)) {
      case 0:
        children.drop(index);
        break;
      case 1:
        if ('pairs' in node)
          node.pairs.push([random.pick(['__proto__', 'constructor', 'x', 'length']), children.at(index)]);
        else if ('list' in node) node.list.push(children.at(index));
        break;
      case 2:
        children.set(index, {list: [children.at(index)]});
        break;
      default:
        children.set(index, {raw: random.pick(odd)});
    }
  }
  return textOf(root);
}
