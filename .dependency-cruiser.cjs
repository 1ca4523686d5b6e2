const LIBS = 'node_modules/';
const room = (names) => `^(${names.join('|')})/`;
const builtin = { dependencyTypes: ['core'] };

/** The table of rooms of docs/architecture.md, as rules. Each comment says what to do instead. */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Move what both need into a third file.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'domain-is-pure',
      comment: 'domain/ holds rules: pass in what you need from another room as an argument.',
      severity: 'error',
      from: { path: '^domain/' },
      to: { path: room(['workflows', 'activities', 'workers', 'client', 'lab', 'test']) },
    },
    {
      name: 'domain-no-builtins',
      comment: 'domain/ also runs inside workflows, where Node builtins do not exist.',
      severity: 'error',
      from: { path: '^domain/' },
      to: builtin,
    },
    {
      name: 'domain-libraries',
      comment: 'domain/ may use zod and the linear-time pattern engine only.',
      severity: 'error',
      from: { path: '^domain/' },
      to: { path: LIBS, pathNot: 'node_modules/(zod|re2js)/' },
    },
    {
      name: 'workflows-are-deterministic',
      comment: 'Do it in an activity and proxy it in workflows/proxies.ts.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: room(['workers', 'client', 'lab', 'test']) },
    },
    {
      name: 'workflows-import-activity-types-only',
      comment: 'Use `import type` for activities.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-libraries',
      comment: 'Workflow code may use @temporalio/workflow and @temporalio/common only.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: LIBS, pathNot: 'node_modules/@temporalio/(workflow|common)/' },
    },
    {
      name: 'workflows-no-builtins',
      comment: 'Node builtins do not exist in the workflow sandbox.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: builtin,
    },
    {
      name: 'activities-stay-in-their-room',
      comment:
        'An activity knows neither workflows nor processes: hand it what it needs in createActivities.',
      severity: 'error',
      from: { path: '^activities/' },
      to: { path: room(['workflows', 'workers', 'client', 'lab', 'test']) },
    },
    {
      name: 'libraries-behind-gateways',
      comment: 'Call the gateway that owns this library.',
      severity: 'error',
      from: { path: '^activities/', pathNot: '^activities/gateways/' },
      to: { path: 'node_modules/(pg|execa|telegraf)/' },
    },
    {
      name: 'gateways-know-no-temporal',
      comment: 'A gateway returns neutral results; the activity turns them into failures.',
      severity: 'error',
      from: { path: '^activities/gateways/' },
      to: { path: 'node_modules/@temporalio/' },
    },
    {
      name: 'client-is-light',
      comment: 'A scheduler imports client/: keep workers and activities out of it.',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: room(['workers', 'activities', 'lab', 'test']), dependencyTypesNot: ['dynamic-import'] },
    },
    {
      name: 'workers-are-the-top',
      comment: 'Only the CLI loads workers/, and dynamically.',
      severity: 'error',
      from: { pathNot: room(['workers', 'test', 'bin', 'deploy/image']) },
      to: { path: '^workers/', dependencyTypesNot: ['dynamic-import'] },
    },
    {
      name: 'not-to-test',
      comment: 'Move what the product needs out of test/.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^node_modules', '^\\.autoheal', '^coverage'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
