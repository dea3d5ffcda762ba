/** The rooms of `src`, lowest floor first. A file imports its own room and the rooms below; rooms on one floor are strangers. */
export const floors: readonly (readonly string[])[] = [
  ['base'],
  ['events'],
  ['match'],
  ['store'],
  ['collect', 'detect', 'inspect', 'incidents', 'outputs'],
  ['case'],
  ['drills'],
  ['config'],
  ['server'],
  ['cli'],
];
