/**
 * As much of Go's templates as `--format` of docker's commands is used with: fields, `json`, `index`, `println`,
 * `range` over lists and maps (with `$key, $value :=`), `if`, `with`, `else`, `end`. Throws what docker would say.
 */
export function renderTemplate(template: string, data: unknown): string {
  const { nodes } = parse(tokens(template), 0);
  return render(nodes, { dot: data, variables: { $: data } });
}

type Token = { text: string } | { action: string };
type Node =
  | { kind: 'text'; text: string }
  | { kind: 'value'; expression: string }
  | { kind: 'block'; name: 'range' | 'if' | 'with'; expression: string; then: Node[]; otherwise: Node[] };
interface Scope {
  dot: unknown;
  variables: Record<string, unknown>;
}

function tokens(template: string): Token[] {
  return template.split(/(\{\{.*?\}\})/s).flatMap((part): Token[] => {
    if (part === '') return [];
    const action = /^\{\{-?\s*(.*?)\s*-?\}\}$/s.exec(part)?.[1];
    return [action === undefined ? { text: part } : { action }];
  });
}

function parse(all: Token[], from: number): { nodes: Node[]; next: number; endedBy: string } {
  const nodes: Node[] = [];
  for (let at = from; at < all.length; at++) {
    const token = all[at];
    if (!token) break;
    if ('text' in token) {
      nodes.push({ kind: 'text', text: token.text });
      continue;
    }
    if (token.action === 'end' || token.action === 'else') return { nodes, next: at, endedBy: token.action };
    const block = /^(range|if|with)\s+(.*)$/s.exec(token.action);
    if (!block) {
      nodes.push({ kind: 'value', expression: token.action });
      continue;
    }
    const body = parse(all, at + 1);
    const rest = body.endedBy === 'else' ? parse(all, body.next + 1) : { ...body, nodes: [] };
    if (rest.endedBy !== 'end') throw new Error('Template parsing error: unexpected EOF');
    const name = block[1] as 'range' | 'if' | 'with';
    nodes.push({ kind: 'block', name, expression: block[2] ?? '', then: body.nodes, otherwise: rest.nodes });
    at = rest.next;
  }
  return { nodes, next: all.length, endedBy: '' };
}

function render(nodes: Node[], scope: Scope): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text;
      if (node.kind === 'value') return show(evaluate(node.expression, scope));
      return renderBlock(node, scope);
    })
    .join('');
}

function renderBlock(node: Extract<Node, { kind: 'block' }>, scope: Scope): string {
  const binding = /^(\$\w+)(?:\s*,\s*(\$\w+))?\s*:=\s*(.*)$/s.exec(node.expression);
  const value = evaluate(binding?.[3] ?? node.expression, scope);
  if (isEmpty(value)) return render(node.otherwise, scope);
  if (node.name === 'if') return render(node.then, scope);
  if (node.name === 'with') return render(node.then, { ...scope, dot: value });
  // Go goes through a map in the order of its keys.
  const entries = Array.isArray(value)
    ? value.map((item, at): [unknown, unknown] => [at, item])
    : sorted(value);
  return entries
    .map(([key, item]) => {
      const variables = { ...scope.variables };
      const [, first, second] = binding ?? [];
      if (first !== undefined && second !== undefined)
        Object.assign(variables, { [first]: key, [second]: item });
      else if (first !== undefined) variables[first] = item;
      return render(node.then, { dot: item, variables });
    })
    .join('');
}

const sorted = (value: unknown): [unknown, unknown][] =>
  Object.entries(value as object).sort(([one], [other]) => (one < other ? -1 : 1));

function evaluate(expression: string, scope: Scope): unknown {
  const [head = '', ...rest] = expression.match(/"[^"]*"|\S+/g) ?? [];
  const values = rest.map((word) => operand(word, scope));
  switch (head) {
    case 'json':
      return JSON.stringify(values[0] ?? null);
    case 'println':
      return `${values.map(show).join(' ')}\n`;
    case 'index':
      return values.slice(1).reduce((found, key) => member(found, String(key)), values[0]);
    default:
      return operand(head, scope);
  }
}

function operand(word: string, { dot, variables }: Scope): unknown {
  if (word.startsWith('"')) return JSON.parse(word) as unknown;
  if (/^\d+$/.test(word)) return Number(word);
  const [root = '', ...path] = word.split('.');
  if (!/^(\$\w*)?$/.test(root)) throw new Error(`Template parsing error: function "${root}" not defined`);
  const from = root === '' ? dot : variables[root];
  return path.filter((name) => name !== '').reduce<unknown>((found, name) => member(found, name), from);
}

function member(value: unknown, key: string): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  value === 0 ||
  (typeof value === 'object' && Object.keys(value).length === 0);

function show(value: unknown): string {
  if (value === undefined || value === null) return '<no value>';
  if (typeof value === 'object') {
    const parts = Array.isArray(value)
      ? value.map(show)
      : sorted(value).map(([key, item]) => `${String(key)}:${show(item)}`);
    return Array.isArray(value) ? `[${parts.join(' ')}]` : `map[${parts.join(' ')}]`;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
