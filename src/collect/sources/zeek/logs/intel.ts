import type { Mapping } from '../../../../events/mapping.ts';
import { dataset, endpoints, read, when } from './shared.ts';

/** An indicator of the site's intelligence was seen. */
export const intel: Mapping<'alert'> = {
  kind: 'alert',
  columns: {
    ...when,
    ...endpoints,
    ...dataset('intel'),
    rule_id: { join: [{ constant: 'intel' }, read('seen.indicator_type'), read('seen.indicator')], by: ':' },
    rule_name: { join: [{ constant: 'Intelligence hit' }, read('seen.indicator')], by: ' ' },
    rule_category: read('seen.where'),
    rule_severity: { constant: 'high' },
    rule_ruleset: read('sources', 'joined'),
    message: { join: [read('seen.indicator'), read('seen.where')], by: ' seen in ' },
  },
};
