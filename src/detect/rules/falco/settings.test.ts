import { describe, expect, it } from 'vitest';
import { isSelected, isUrgent, readSettings, SettingsError } from './settings.ts';

const rule = (name: string, tags: readonly string[] = [], isEnabled = true) => ({ name, tags, isEnabled });

describe('which rules run', () => {
  it('is what their file says, until a switch says otherwise, in order', () => {
    const configuration = `
rules:
  - disable:
      rule: "*"
  - enable:
      tag: network
  - disable:
      rule: Read * files
`;
    const settings = readSettings([configuration], []);
    expect(isSelected(rule('Any'), settings)).toBe(false);
    expect(isSelected(rule('Any', ['network']), settings)).toBe(true);
    expect(isSelected(rule('Read many files', ['network']), settings)).toBe(false);
    expect(isSelected(rule('Off', [], false), readSettings([], []))).toBe(false);
    expect(isSelected(rule('a*b'), readSettings([], ['disable.rule=a**b']))).toBe(false);
    expect(isSelected(rule('ab'), readSettings([], ['disable.rule=ab*b']))).toBe(true);
  });

  it('depends on their priority', () => {
    const settings = readSettings(['priority: warning\n'], []);
    expect([isUrgent('Error', settings), isUrgent('Warning', settings), isUrgent('Notice', settings)]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('falco.yaml and options', () => {
  it('are laid over each other, options last', () => {
    const text = 'json_include_tags_property: false\nrule_matching: all\ntime_format_iso_8601: true\n';
    expect(readSettings([text], ['rule_matching=first', 'hostname=h'])).toMatchObject({
      includesTags: false,
      isIsoTime: true,
      matching: 'first',
      hostname: 'h',
    });
  });

  it('append outputs to the rules that they select', () => {
    const text = 'append_output:\n  - match: {source: syscall, tags: [a]}\n    extra_output: "on %evt.hostname"\n';
    expect(readSettings([text], []).appendedOutputs).toEqual([
      { source: 'syscall', tags: ['a'], formats: ['on %evt.hostname'], fields: [] },
    ]);
  });

  it('append fields, and what plug-ins suggest for their source', () => {
    const text =
      'append_output:\n  - suggested_output: true\n    extra_fields: [evt.hostname, {who: "%user.name!"}]\n  - {match: {source: okta}, suggested_output: true}\n';
    expect(readSettings([text], []).appendedOutputs).toEqual([
      { tags: [], formats: [], fields: [{ name: 'evt.hostname' }, { name: 'who', format: '%user.name!' }] },
      {
        source: 'syscall',
        tags: [],
        formats: [
          'container_id=%container.id container_name=%container.name container_image_repository=%container.image.repository container_image_tag=%container.image.tag k8s_pod_name=%k8s.pod.name k8s_ns_name=%k8s.ns.name',
        ],
        fields: [],
      },
      { source: 'okta', tags: [], formats: [], fields: [] },
    ]);
  });

  it.each([
    ['rule_matching: some\n', 'Unknown rule matching strategy "some"'],
    ['priority: loud\n', 'Unknown priority "loud"'],
    ['syscall_event_drops: {threshold: 2}\n', 'syscall event drops threshold must be a double in the range [0, 1]'],
    ['a: [\n', /^falco\.yaml: /],
  ])('refuses %j', (text, message) => {
    expect(() => readSettings([text], [])).toThrow(SettingsError);
    expect(() => readSettings([text], [])).toThrow(message);
  });
});
