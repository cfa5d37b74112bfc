// The arrows of the house. A room may import what its line names, nothing else; no circles anywhere.
const rooms = {
  '^shared/': ['^shared/'],
  '^sync-server/ledger/': ['^sync-server/ledger/', '^shared/'],
  '^sync-server/identity/': ['^sync-server/(identity|ledger)/', '^shared/'],
  '^sync-server/api/': ['^sync-server/(api|identity|ledger)/', '^shared/'],
  '^sync-server/sync/': ['^sync-server/(sync|identity|ledger)/', '^shared/'],
  '^sync-server/jobs/': ['^sync-server/(jobs|ledger)/', '^shared/'],
  '^sync-server/sources/': ['^sync-server/(sources|ledger)/', '^shared/'],
  '^extension/ui/': ['^extension/ui/', '^shared/'],
  '^extension/locales/': ['^extension/locales/'],
  '^extension/view/': ['^extension/view/', '^shared/'],
  '^extension/replica/': ['^extension/replica/', '^shared/'],
  '^extension/features/': ['^extension/(features|ui|view|locales)/', '^shared/'],
  '^extension/checkout/': ['^extension/(checkout|ui|view|locales)/', '^shared/'],
  // The toolbar face and the words of a checkout's badge are made by the worker; they are what a person sees of it.
  '^extension/entrypoints/background': [
    '^extension/(entrypoints/background|replica|view|features/toolbar|locales|ui/(time|counts)\\.ts|checkout/(words|face)\\.ts)',
    '^shared/',
  ],
  '^extension/entrypoints/(?!background)': [
    '^extension/(entrypoints|features|checkout|ui|view|locales)/',
    '^shared/',
  ],
};
const code = '^(extension|shared|sync-server|tests)/';
const libraries = 'node_modules';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([from, allowed]) => ({
      name: `arrow ${from}`,
      severity: 'error',
      from: { path: from },
      to: { path: code, pathNot: allowed },
    })),
    {
      name: 'shared imports zod only',
      severity: 'error',
      from: { path: '^shared/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypesNot: ['local'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'the CRDT stays in the replica',
      severity: 'error',
      from: { path: '^extension/', pathNot: '^extension/replica/' },
      to: { path: `${libraries}/(yjs|y-indexeddb|y-protocols|lib0|@hocuspocus)/` },
    },
    {
      name: 'no unresolved import',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(wxt/|virtual:|node:)' },
    },
    {
      name: 'tests are not imported',
      severity: 'error',
      from: { pathNot: '^tests/' },
      to: { path: '^tests/' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: libraries },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default', 'types'],
    },
  },
};
