import { actorColumns, connectionColumns, defineKind, integer, list, text } from '../kind.ts';

export const kind = defineKind({
  id: 'alert',
  title: 'Alert of another tool',
  description: 'A detection that another tool made: a Suricata signature, a Falco rule, a Zeek notice.',
  columns: {
    ...connectionColumns,
    ...actorColumns,
    rule_id: text('Id of the rule or signature.', 'rule.id'),
    rule_name: text('Name of it.', 'rule.name'),
    rule_category: text('Category or classification.', 'rule.category'),
    rule_ruleset: text('Source or set of the rule.', 'rule.ruleset'),
    rule_severity: text('Our severity: `info`, `low`, `medium`, `high`, `critical`.'),
    event_severity: text('Severity or priority as the tool wrote it.', 'event.severity'),
    event_action: text('What the tool did: `allowed`, `blocked`, `logged`.', 'event.action'),
    message: text('Its message.', 'message'),
    threat_technique_id: list('ATT&CK techniques that the rule names.', 'threat.technique.id'),
    tags: list('Tags of the rule.', 'tags'),
    file_path: text('File concerned, where the tool tells.', 'file.path'),
    url_domain: text('Domain concerned, where the tool tells.', 'url.domain'),
    url_original: text('URL concerned, where the tool tells.', 'url.original'),
    http_user_agent: text('User agent concerned, where the tool tells.', 'user_agent.original'),
    count: integer('How many times, where the tool groups.'),
  },
});
