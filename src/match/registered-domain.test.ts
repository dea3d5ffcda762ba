import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registeredDomain } from './registered-domain.ts';

describe('the registered domain', () => {
  it.each([
    ['www.example.co.uk', 'example.co.uk'],
    ['a.b.github.io', 'b.github.io'],
    ['x.customer.mooo.com', 'customer.mooo.com'],
    ['customer.mooo.com', 'customer.mooo.com'],
    ['mooo.com', 'mooo.com'],
    ['co.uk', null],
    ['10.0.0.5', null],
    ['printer', null],
  ])('of %s is %s', (name, domain) => {
    expect(registeredDomain(name)).toBe(domain);
  });

  it('is the end of any name that has one', () => {
    const label = fc.stringMatching(/^[a-z0-9-]{1,8}$/);
    fc.assert(
      fc.property(
        fc.array(label, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('com', 'mooo.com', 'co.uk'),
        (labels, end) => {
          const name = `${labels.join('.')}.${end}`;
          const domain = registeredDomain(name);
          expect(domain !== null && name.endsWith(domain)).toBe(true);
        },
      ),
    );
  });
});
