import { eventFormat } from '../../../match/event-format.ts';
import { defineRuleLanguage } from '../rule-language.ts';
import { detectSigma } from './detect.ts';
import { loadSigma } from './rule-set.ts';

export const language = defineRuleLanguage({
  id: 'sigma',
  title: 'Sigma rules',
  description:
    'Rules, correlations and filters of the Sigma specification 2.1: all modifiers, selectors, keywords and placeholders, ' +
    'several documents in a file, and the collections of the old form. Old aggregations behind `|` are refused: their ' +
    'place is a correlation. Processing pipelines (the YAML form of pySigma), among the rule files or by `--pipeline`, change ' +
    'rules and correlations: fields, values, hashes, log sources, placeholders, conditions, states, failures, nested steps, ' +
    'condition expressions. Regular expressions are those that match in linear time, as the specification limits them.',
  references: ['https://github.com/SigmaHQ/sigma-specification', 'https://sigmahq.io/docs/'],
  guide: ['B03', 'B04', 'B05', 'B06'],
  rowFormats: [eventFormat],
  detect: detectSigma,
  load: loadSigma,
});
