import type { StreamResolver, StreamValue } from '../../../../src/match/condition/resolver.ts';

/** An event as the corpus has it: the rule's own fields by name. */
export type FlatEvent = Readonly<Record<string, unknown>>;

/** Fields of flat events by their own names. */
export const flatEvents: StreamResolver<FlatEvent> = {
  field: ({ name }) => ({
    type: 'any',
    get: (event) => (Object.hasOwn(event, name) ? (event[name] as StreamValue) : undefined),
  }),
  allFields: () => ({ type: 'list', get: (event) => Object.values(event) as StreamValue }),
};
