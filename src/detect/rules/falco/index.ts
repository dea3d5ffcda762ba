import { defineRuleLanguage } from '../rule-language.ts';
import { detectFalco } from './detect.ts';
import { eventsAsSyscalls } from './events/stream.ts';
import { loadRuleSet } from './rule-set.ts';
import { evidenceStream } from './sources/json-source.ts';
import { jsonSources } from './sources/registry.ts';

export const language = defineRuleLanguage({
  id: 'falco',
  title: 'Falco rules',
  description:
    "The rule language of Falco 0.44 (engine 0.63.0): rules, macros, lists, exceptions, overrides and appends, every operator, transformer and modifier, with Falco's own errors and warnings. Rules are loaded for system calls, and for the sources of the plug-ins that their files ask for. Not understood are plug-ins of others.",
  references: ['https://falco.org/docs/reference/rules/', 'https://falco.org/docs/concepts/rules/conditions/'],
  guide: ['C15', 'B14'],
  streams: jsonSources.map(evidenceStream),
  rowFormats: [eventsAsSyscalls],
  detect: detectFalco,
  load: loadRuleSet,
});
