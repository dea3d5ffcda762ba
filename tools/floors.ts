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

/** Inside `inspect`: what images and hosts share stands below both. Rooms of one row are strangers here too. */
export const inspectFloors: readonly (readonly string[])[] = [
  ['tree'],
  ['packages', 'exposure', 'files', 'probe'],
  ['image', 'host'],
];
