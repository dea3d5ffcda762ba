import { expect, it } from 'vitest';
import { parseChallenge } from './challenge.ts';

it.each([
  [
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/alpine:pull"',
    'bearer',
    { realm: 'https://auth.docker.io/token', service: 'registry.docker.io', scope: 'repository:library/alpine:pull' },
  ],
  ['Basic realm="x, y=z"', 'basic', { realm: 'x, y=z' }],
  ['bearer Realm=https://a.example/t , service="s"', 'bearer', { realm: 'https://a.example/t', service: 's' }],
  ['Negotiate, Basic realm="r"', 'basic', { realm: 'r' }],
  ['Basic', 'basic', {}],
])('%s', (header, scheme, parameters) => {
  expect(parseChallenge(header)).toEqual({ scheme, parameters });
});

it.each(['', 'Negotiate', 'Bearerx realm="r"'])('"%s" is none', (header) => {
  expect(parseChallenge(header)).toBeUndefined();
});
