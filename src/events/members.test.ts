import { describe, expect, it } from 'vitest';
import { keepMembers, keptMembers } from './members.ts';

describe('members beside an event', () => {
  const members = { Image: 'C:\\a.exe', EventID: 1, Initiated: true };
  const text = JSON.stringify(members);

  it('are had while `fields` is the text that was made of them', () => {
    const event = { fields: text };
    keepMembers(event, members);
    expect(keptMembers(event, text)).toBe(members);
    expect(keptMembers(event, '{}')).toBeUndefined();
    expect(keptMembers({ fields: text }, text)).toBeUndefined();
  });

  it.each([{ list: ['a'] }, { none: null }, { long: JSON.parse('1e400') as number }, { inner: {} }])(
    'are not kept where JSON gives back another value, or one that is no scalar: %j',
    (odd) => {
      const event = { fields: JSON.stringify({ ...members, ...odd }) };
      keepMembers(event, { ...members, ...odd });
      expect(keptMembers(event, event.fields)).toBeUndefined();
    },
  );
});
