import { describe, expect, it } from 'vitest';
import { processorClock } from '../../../../tests/support/processor-time.ts';
import { isSecretVariable, masked } from './assignment.ts';
import { secretFileName } from './file-names.ts';
import { findSecrets } from './find.ts';

/** Made up, in the form of each issuer: letters and digits in no order. */
const noise = 'q7Zr0TnWb2YvKx9LmEdGh4JsPc6FuA1iO8kRtXeN5wBoVyDj3HgSlQzMfCaIpU';

function random(length: number, alphabet = noise): string {
  return Array.from({ length }, (_none, index) => alphabet[(index * 7 + 3) % alphabet.length]).join('');
}

describe('secrets that are known by their form', () => {
  it.each([
    ['aws-access-key', `AKIA${random(16, 'QZ7RTNWB2YVKX5LMEDG3JSPC')}`],
    ['aws-secret-key', `aws_secret_access_key = ${random(40)}`],
    ['github-token', `ghp_${random(36)}`],
    ['github-pat', `github_pat_${random(22)}_${random(59)}`],
    ['gitlab-token', `glpat-${random(20)}`],
    ['slack-token', `xoxb-${random(24)}`],
    ['stripe-key', `sk_live_${random(24)}`],
    ['google-api-key', `AIza${random(35)}`],
    ['npm-token', `npm_${random(36)}`],
    ['docker-login', `"auth": "${random(40)}=="`],
    ['vault-token', `hvs.${random(30)}`],
    ['azure-storage-key', `AccountKey=${random(86)}==`],
    ['hugging-face-token', `hf_${random(34, 'qZrTnWbYvKxLmEdGhJsPcFuAiOkRtXeNwBoVyDjHgSlQzMfCaIpU')}`],
    ['telegram-token', `123456789:AA${random(33)}`],
    ['jwt', `eyJ${random(20)}.eyJ${random(40)}.${random(43)}`],
    ['url-password', 'redis://app:Wq8-vv31@cache:6379/0'],
    ['private-key', `-----BEGIN RSA PRIVATE KEY-----\n${random(64)}\n`],
  ])('%s', (id, text) => {
    expect(findSecrets(`before ${text} behind`).map(({ pattern }) => pattern.id)).toEqual([id]);
  });

  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'https://user:${PASSWORD}@host/',
    'https://example.org:8443/a@b',
    '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n',
    '"auth": ""',
  ])('not %j', (text) => {
    expect(findSecrets(text)).toEqual([]);
  });

  it.each(['eyJ-', 'a://b:', 'ghp_', 'aws_key=', '-----BEGIN A ', 'sk-', '"auth":"', 'hvs.', 'AIza', '1234567890:AA'])(
    'are looked for in bounded time among many of %j',
    (piece) => {
      const takenMs = processorClock();
      findSecrets(piece.repeat(Math.floor(2 ** 19 / piece.length)));
      expect(takenMs()).toBeLessThan(3000);
    },
  );
});

it.each([
  ['DB_PASSWORD', 'Wq8-vv31', true],
  ['dbPassword', 'Wq8-vv31', true],
  ['API_KEY', 'k9Wq', true],
  ['POSTGRES_PASSWORD', 'changeme', true],
  ['PASSWORD', '', false],
  ['PASSWORD', '${DB_PASSWORD}', false],
  ['PASSWORD_FILE', '/run/secrets/db', false],
  ['PASSWORD_MIN_LENGTH', '12345', false],
  ['TOKEN_URL', 'https://id.internal/token', false],
  ['SECRET_NAME', 'shop-db', false],
  ['MONKEY', 'banana', false],
  ['TOKENIZERS_PARALLELISM', 'false', false],
])('%s=%s', (name, value, isSecret) => {
  expect(isSecretVariable(name, value)).toBe(isSecret);
});

it('a secret is shown by its ends only', () => {
  expect(masked('Wq8-vv31Wq8-vv31')).toBe('Wq8-…(16 characters)');
  expect(masked('abc')).toBe('…(3 characters)');
});

it.each([
  ['/root/.ssh/id_ed25519', 'a private key of SSH'],
  ['config/.env.production', 'variables of an environment'],
  ['tls.key', 'a private key'],
  ['id_rsa.pub', undefined],
  ['.env.example', undefined],
  ['keyboard.json', undefined],
])('the file %s', (path, what) => {
  expect(secretFileName(path)).toBe(what);
});
