/**
 * The table of rooms of docs/architecture.md. What is not listed here is refused: an import needs a line in the room's
 * `may`, and a new folder needs a room. Imports of types count like all others.
 */
const library = (...names) => ({ path: `node_modules/(${names.join('|')})/` });
const folder = (...names) => ({ path: `^(${names.join('|')})/` });
const file = (name) => ({ path: `^${name.replaceAll('.', '\\.')}$` });
const builtins = { dependencyTypes: ['core'] };
const pureBuiltins = { dependencyTypes: ['core'], path: '^(node:)?(path|crypto)$' };
const typesOf = (...names) => ({ ...folder(...names), dependencyTypes: ['type-only'] });
const loaded = (...names) => ({ ...folder(...names), dependencyTypes: ['dynamic-import'] });

/** A gateway wraps one outside thing, and alone knows the library of it. */
const gateways = ['ssh', 'process', 'postgres', 'messaging', 'embedding', 'probe'];
const gateway = (name, ...libraries) => ({
  room: `activities/gateways/${name}`,
  may: [
    folder(`activities/gateways/${name}`, 'domain', 'files'),
    builtins,
    ...(libraries.length === 0 ? [] : [library(...libraries)]),
  ],
  instead:
    'A gateway knows its own library and the domain: translate there, and let an activity bring two together.',
});

const rooms = [
  {
    room: 'domain',
    may: [folder('domain'), library('zod', 're2js')],
    instead:
      'domain/ holds pure rules that also run inside workflows: hand in what another room or Node knows.',
  },
  {
    room: 'workflows',
    may: [
      folder('workflows', 'domain'),
      library('@temporalio/workflow', '@temporalio/common'),
      { path: '^activities/(?!gateways/)', dependencyTypes: ['type-only'] },
    ],
    instead: 'Workflow code is deterministic: do it in an activity, and proxy that in workflows/proxies.ts.',
  },
  gateway('ssh', 'execa', 'p-limit'),
  gateway('process', 'execa'),
  gateway('postgres', 'pg'),
  gateway('messaging', 'telegraf', 'zod'),
  gateway('embedding', 'zod'),
  gateway('probe'),
  {
    room: 'activities',
    not: 'activities/gateways/[^/]+/',
    may: [
      { path: '^activities/(?!gateways/)' },
      folder(...gateways.map((name) => `activities/gateways/${name}`), 'domain', 'files'),
      library('@temporalio/activity', '@temporalio/common', 'zod', 'p-limit'),
      pureBuiltins,
    ],
    instead: 'An activity is the thin shell around a rule: call the gateway that owns the outside thing.',
  },
  {
    room: 'files',
    may: [folder('files'), builtins],
    instead: 'files/ writes and reads whole files, and knows nobody.',
  },
  {
    room: 'settings',
    may: [folder('settings', 'files', 'domain'), library('zod', 'yaml'), builtins],
    instead: 'settings/ stands below client/ and workers/: hand in what they know.',
  },
  {
    room: 'client/cli',
    may: [
      folder('client', 'settings', 'files', 'domain'),
      file('workflows/messages.ts'),
      file('workflows/on-call/messages.ts'),
      library('@temporalio/client', '@temporalio/common', 'commander', 'cli-table3', 'picocolors', 'zod'),
      builtins,
      loaded('workers', 'lab'),
    ],
    instead: 'A command that runs a part of AutoHeal loads it when it is called: `await import(…)`.',
  },
  {
    room: 'client',
    not: 'client/cli/',
    may: [
      { path: '^client/(?!cli/)' },
      folder('settings', 'files', 'domain'),
      file('workflows/messages.ts'),
      file('workflows/on-call/messages.ts'),
      typesOf('workflows'),
      library(
        '@temporalio/client',
        '@temporalio/common',
        '@temporalio/proto',
        '@temporalio/envconfig',
        'zod',
      ),
      builtins,
    ],
    instead: 'A scheduler imports client/: it stays light, without workers, activities and the command line.',
  },
  {
    room: 'workers',
    may: [
      folder('workers', 'client', 'settings', 'files', 'activities', 'workflows', 'domain', 'lab'),
      { path: 'node_modules/' },
      builtins,
    ],
    instead: 'What the product needs does not live in test/ or deploy/.',
  },
  {
    room: 'lab',
    may: [folder('lab', 'domain', 'settings', 'files'), library('ssh2', 'zod', 'yaml', 'execa'), builtins],
    instead:
      'The lab imitates the world outside: it knows no part of AutoHeal but the rules that it is compared with.',
  },
  {
    room: 'bin',
    may: [file('client/cli/main.ts'), library('tsx'), builtins],
    instead: 'bin/ starts the command line and nothing else.',
  },
  {
    room: 'packages/client',
    may: [
      folder('packages/client'),
      file('client/index.ts'),
      library('esbuild', '@temporalio/client'),
      builtins,
    ],
    instead: 'The package gives what client/index.ts exports.',
  },
  {
    room: 'deploy',
    may: [
      folder('deploy', 'workers', 'settings'),
      library('typescript', '@temporalio/client', '@temporalio/envconfig'),
      builtins,
    ],
    instead: 'deploy/ builds and checks installations.',
  },
  { room: '\\.ci', may: [builtins], instead: 'CI needs nothing that it has not installed yet.' },
  {
    room: 'test',
    may: [{ path: '^(?!node_modules/)' }, { path: 'node_modules/' }, builtins],
    instead: 'Everything may be tested.',
  },
];

const from = ({ room, not }) => ({
  path: `^${room}/`,
  ...(not === undefined ? {} : { pathNot: `^${not}` }),
});

module.exports = {
  allowedSeverity: 'error',
  allowed: [
    ...rooms.flatMap((room) => room.may.map((to) => ({ from: from(room), to, comment: room.instead }))),
    // The settings of the tools, at the top of the tree.
    { from: { path: '^[^/]+$' }, to: {} },
  ],
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Move what both need into a third file. Types count: a circle of types is a circle of ideas.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-to-test',
      comment: 'Move what the product needs out of test/.',
      severity: 'error',
      from: { pathNot: '^test/|^[^/]+$' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^node_modules', '^\\.autoheal', '^coverage', '^packages/[^/]+/dist'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
