const only = (name, layer, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { pathNot: [`^src/${layer}/`, ...allowed] },
})
const npm = (...names) => names.map((name) => `^node_modules/${name}/`)

/** The import rules of ARCHITECTURE.md, section "Layers". */
export default {
  forbidden: [
    only('domain-is-pure', 'domain', npm('decimal[.]js'), 'money and order rules know nothing else'),
    only('strategies-decide-only', 'strategies', ['^src/domain/'], 'a view in, proposals out'),
    only('risk-judges-only', 'risk', ['^src/domain/'], 'a request in, Approved or Denied out'),
    only('simulated-market-is-pure', 'simulated-market', ['^src/domain/'], 'a market is arithmetic and a clock that is handed in'),
    only('ports-are-interfaces', 'ports', ['^src/domain/', ...npm('rxjs')], 'ports speak the domain language'),
    only('machines-declare-only', 'machines', ['^src/(domain|risk|strategies)/', ...npm('xstate')], 'charts name effects, never perform them'),
    only(
      'actors-see-ports-only',
      'actors',
      ['^src/(domain|strategies|risk|machines|ports)/', ...npm('xstate', 'rxjs')],
      'an actor reaches the world through a port',
    ),
    {
      name: 'adapters-meet-ports-only',
      comment: 'siblings are strangers; venues share the kit that knows none of them',
      severity: 'error',
      from: { path: '^src/adapters/(?!paper/)([^/]+)/' },
      to: { path: '^src/', pathNot: ['^src/adapters/$1/', '^src/adapters/venue-kit/', '^src/(ports|domain)/'] },
    },
    {
      name: 'paper-meets-ports-and-a-simulated-market',
      comment: 'the paper venue matches orders itself; whose market it does that on it does not know',
      severity: 'error',
      from: { path: '^src/adapters/paper/' },
      to: { path: '^src/', pathNot: ['^src/adapters/paper/', '^src/adapters/venue-kit/assemble[.]ts$', '^src/(ports|domain|simulated-market)/'] },
    },
    {
      name: 'only-app-names-adapters',
      comment: 'technology is chosen in one place',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(app|adapters)/'] },
      to: { path: '^src/adapters/' },
    },
    {
      name: 'drivers-stay-in-adapters',
      comment: 'sockets, SQL and loggers live at the edge',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(adapters|app)/'] },
      to: { path: npm('ws', 'pg', 'kysely', 'pino', 'fastify', 'nodemailer', 'prom-client', 'ccxt').join('|') },
    },
    {
      name: 'ccxt-is-optional',
      comment: 'its user installs it: only its loader names it, and only when it is asked for',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: npm('ccxt').join('|'), dynamic: false },
    },
    { name: 'src-never-imports-outside', comment: 'the product stands alone', severity: 'error', from: { path: '^src/' }, to: { path: '^(test|sandbox|simulation|bench)/' } },
    {
      name: 'the-sandbox-judges-alone',
      comment: "the sandbox's ledger does its own arithmetic: a fault of the desk's domain must not judge itself",
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^src/', pathNot: ['^src/simulated-market/'] },
    },
    {
      name: 'the-sandbox-knows-no-simulation',
      comment: 'an exchange does not know who plays with it',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^simulation/' },
    },
    {
      name: 'simulation-reaches-no-network',
      comment: 'a simulated world has no sockets, no database and no server in it',
      severity: 'error',
      from: { path: '^simulation/' },
      to: { path: ['^src/adapters/(?!memory/|coinbase/|venue-kit/)', '^src/app/(?!audit[.]ts$)', '^sandbox/(main|sandbox|listening)[.]ts$', ...npm('ws', 'pg', 'kysely', 'pino', 'fastify')].join('|') },
    },
    {
      name: 'the-page-knows-the-answers-only',
      comment: 'the page is a program of its own: it meets the desk over HTTP, and shares the types of what is answered',
      severity: 'error',
      from: { path: '^dashboard/' },
      to: { path: '^(src|sandbox|simulation|test)/', pathNot: ['^src/adapters/http/[a-z-]*schemas[.]ts$'] },
    },
    { name: 'no-cycles', comment: 'no file needs itself', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', comment: 'a file nobody imports is dead', severity: 'error', from: { orphan: true, path: '^src/', pathNot: ['[.]d[.]ts$'] }, to: {} },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
}
