import { cloudtrailFields } from './cloudtrail.ts';
import { gcpauditFields } from './gcpaudit.ts';
import { githubFields } from './github.ts';
import { at, isObject } from './json-record.ts';
import type { JsonSource } from './json-source.ts';
import { k8sAuditFields } from './k8s-audit.ts';
import { oktaFields } from './okta.ts';

/** Sources of JSON events that Falco reads through plug-ins. */
export const jsonSources: readonly JsonSource[] = [
  {
    id: 'k8s_audit',
    title: 'k8s audit',
    plugins: ['k8saudit', 'k8saudit-aks', 'k8saudit-eks', 'k8saudit-gke', 'k8saudit-ovh'],
    fields: k8sAuditFields,
    isEvent: (value) => typeof value['auditID'] === 'string' && typeof value['stage'] === 'string',
    wrappers: ['items'],
    times: [['stageTimestamp'], ['timestamp'], ['requestReceivedTimestamp'], ['metadata', 'creationTimestamp']],
    dataset: 'kubernetes.audit',
  },
  {
    id: 'aws_cloudtrail',
    title: 'cloudtrail',
    plugins: ['cloudtrail'],
    fields: cloudtrailFields,
    isEvent: (value) => typeof value['eventName'] === 'string' && typeof value['eventSource'] === 'string',
    wrappers: ['Records'],
    times: [['eventTime']],
    dataset: 'aws.cloudtrail',
  },
  {
    id: 'okta',
    title: 'okta',
    plugins: ['okta'],
    fields: oktaFields,
    isEvent: (value) => typeof value['eventType'] === 'string' && isObject(value['actor']),
    wrappers: [],
    times: [['published']],
  },
  {
    id: 'github',
    title: 'github',
    plugins: ['github'],
    fields: githubFields,
    isEvent: (value) => isObject(value['sender']) || typeof value['webhook_type'] === 'string',
    wrappers: [],
    times: [
      ['repository', 'updated_at'],
      ['head_commit', 'timestamp'],
    ],
  },
  {
    id: 'gcp_auditlog',
    title: 'gcp audit',
    plugins: ['gcpaudit'],
    fields: gcpauditFields,
    isEvent: (value) => typeof at(value, 'protoPayload', 'methodName') === 'string',
    wrappers: [],
    times: [['timestamp'], ['receiveTimestamp']],
    dataset: 'gcp.audit',
  },
];
