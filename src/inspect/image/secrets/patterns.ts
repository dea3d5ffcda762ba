import type { Severity } from '../../../events/finding.ts';

/** A secret that is known by its form. */
export interface SecretPattern {
  readonly id: string;
  /** What it opens: `access key of AWS`. */
  readonly title: string;
  readonly severity: Severity;
  /** A text without this has no such secret: most texts are passed over by it. */
  readonly keyword: string;
  /** All repetitions are bounded. The group `secret`, or the whole match. */
  readonly form: RegExp;
}

/** Forms of secrets as their issuers publish them; each has a mark of its own, so that random text does not fit. */
export const secretPatterns: readonly SecretPattern[] = [
  {
    id: 'private-key',
    title: 'private key',
    severity: 'critical',
    keyword: 'PRIVATE KEY',
    form: /-----BEGIN (?:[A-Z0-9]{1,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----\s{0,4}(?:\\n)?[A-Za-z0-9+/=:\s]{20}/g,
  },
  {
    id: 'aws-access-key',
    title: 'access key of AWS',
    severity: 'critical',
    keyword: 'AKIA',
    form: /\bAKIA[0-9A-Z]{16}\b/g,
  },
  {
    id: 'aws-secret-key',
    title: 'secret key of AWS',
    severity: 'critical',
    keyword: 'aws',
    form: /\baws_?(?:secret)?_?(?:access)?_?key(?:_id)?["']?\s{0,4}[=:]\s{0,4}["']?(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
  },
  {
    id: 'github-token',
    title: 'token of GitHub',
    severity: 'critical',
    keyword: 'gh',
    form: /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g,
  },
  {
    id: 'github-pat',
    title: 'token of GitHub',
    severity: 'critical',
    keyword: 'github_pat_',
    form: /\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b/g,
  },
  {
    id: 'gitlab-token',
    title: 'token of GitLab',
    severity: 'critical',
    keyword: 'glpat-',
    form: /\bglpat-[\w-]{20,64}\b/g,
  },
  {
    id: 'slack-token',
    title: 'token of Slack',
    severity: 'high',
    keyword: 'xox',
    form: /\bxox[abeoprs]-[A-Za-z0-9-]{10,250}\b/g,
  },
  {
    id: 'slack-webhook',
    title: 'webhook of Slack',
    severity: 'medium',
    keyword: 'hooks.slack.com',
    form: /hooks\.slack\.com\/services\/T[A-Z0-9]{8,12}\/B[A-Z0-9]{8,12}\/[A-Za-z0-9]{20,30}/g,
  },
  {
    id: 'stripe-key',
    title: 'live key of Stripe',
    severity: 'critical',
    keyword: '_live_',
    form: /\b[sr]k_live_[A-Za-z0-9]{20,120}\b/g,
  },
  {
    id: 'google-api-key',
    title: 'API key of Google',
    severity: 'high',
    keyword: 'AIza',
    form: /\bAIza[\w-]{35}(?![\w-])/g,
  },
  {
    id: 'google-oauth',
    title: 'client secret of Google',
    severity: 'high',
    keyword: 'GOCSPX-',
    form: /\bGOCSPX-[\w-]{28}(?![\w-])/g,
  },
  { id: 'npm-token', title: 'token of npm', severity: 'critical', keyword: 'npm_', form: /\bnpm_[A-Za-z0-9]{36}\b/g },
  {
    id: 'pypi-token',
    title: 'token of PyPI',
    severity: 'critical',
    keyword: 'pypi-AgEIcHlwaS5vcmc',
    form: /\bpypi-AgEIcHlwaS5vcmc[\w-]{50,250}/g,
  },
  {
    id: 'docker-token',
    title: 'token of Docker Hub',
    severity: 'high',
    keyword: 'dckr_',
    form: /\bdckr_(?:pat|oat)_[\w-]{27,64}\b/g,
  },
  {
    id: 'docker-login',
    title: 'login of a registry',
    severity: 'high',
    keyword: '"auth"',
    form: /"auth"\s{0,4}:\s{0,4}"(?<secret>[A-Za-z0-9+/]{12,400}={0,2})"/g,
  },
  {
    id: 'sendgrid-key',
    title: 'key of SendGrid',
    severity: 'high',
    keyword: 'SG.',
    form: /\bSG\.[\w-]{22}\.[\w-]{43}(?![\w-])/g,
  },
  {
    id: 'vault-token',
    title: 'token of Vault',
    severity: 'critical',
    keyword: 'hv',
    form: /\bhv[sbr]\.[\w-]{24,200}/g,
  },
  {
    id: 'digitalocean-token',
    title: 'token of DigitalOcean',
    severity: 'critical',
    keyword: 'do',
    form: /\bdo[por]_v1_[0-9a-f]{64}\b/g,
  },
  {
    id: 'azure-storage-key',
    title: 'key of an Azure storage account',
    severity: 'critical',
    keyword: 'AccountKey=',
    form: /AccountKey=(?<secret>[A-Za-z0-9+/]{86}==)/g,
  },
  {
    id: 'anthropic-key',
    title: 'key of Anthropic',
    severity: 'high',
    keyword: 'sk-ant-',
    form: /\bsk-ant-[a-z0-9]{3,8}-[\w-]{80,120}/g,
  },
  {
    id: 'openai-key',
    title: 'key of OpenAI',
    severity: 'high',
    keyword: 'T3BlbkFJ',
    form: /\bsk-[\w-]{20,100}T3BlbkFJ[\w-]{20,100}/g,
  },
  {
    id: 'hugging-face-token',
    title: 'token of Hugging Face',
    severity: 'high',
    keyword: 'hf_',
    form: /\bhf_[A-Za-z]{34}\b/g,
  },
  {
    id: 'telegram-token',
    title: 'token of a Telegram bot',
    severity: 'medium',
    keyword: ':AA',
    form: /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g,
  },
  {
    id: 'jwt',
    title: 'signed token (JWT)',
    severity: 'medium',
    keyword: 'eyJ',
    form: /\beyJ[\w-]{10,300}\.eyJ[\w-]{10,3000}\.[\w-]{20,1000}/g,
  },
  {
    id: 'url-password',
    title: 'password in an address',
    severity: 'high',
    keyword: '://',
    form: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/?#@"'<>${}]{1,64}:(?<secret>[^\s:/?#@"'<>${}%]{4,100})@[\w.-]{2,}/g,
  },
];
