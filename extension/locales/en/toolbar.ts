// The toolbar button, in full sentences, in English. Words in {braces} are filled in.
export const toolbar = {
  'toolbar.first_run': 'IO Glance: not connected',
  'toolbar.waiting': 'IO Glance: waiting for the first numbers',
  'toolbar.updated': 'IO Glance: {amount} in IO Credits, updated {time}',
  'toolbar.below_zero': 'IO Glance: {amount} in IO Credits, below zero, updated {time}',
  'toolbar.offline': 'IO Glance: {amount} in IO Credits, offline, as of {time}',
  'toolbar.signed_out': 'IO Glance: {amount} in IO Credits as of {time}, sign in again',
} as const;

export type ToolbarKey = keyof typeof toolbar;
