import { at, pathField, textField, textOf, type JsonField } from './json-record.ts';

/** Google Cloud audit logs, with the fields of Falco's gcpaudit plug-in (falcosecurity/plugins `plugins/gcpaudit`). */

const label = (name: string, key: string): JsonField => pathField(name, 'resource', 'labels', key);

export const gcpauditFields: readonly JsonField[] = [
  pathField('gcp.user', 'protoPayload', 'authenticationInfo', 'principalEmail'),
  pathField('gcp.callerIP', 'protoPayload', 'requestMetadata', 'callerIp'),
  pathField('gcp.userAgent', 'protoPayload', 'requestMetadata', 'callerSuppliedUserAgent'),
  pathField('gcp.authorizationInfo', 'protoPayload', 'authorizationInfo'),
  pathField('gcp.serviceName', 'protoPayload', 'serviceName'),
  textField('gcp.policyDelta', (value) =>
    at(value, 'resource', 'type') === 'gcs_bucket'
      ? textOf(at(value, 'protoPayload', 'serviceData', 'policyDelta', 'bindingDeltas'))
      : textOf(at(value, 'protoPayload', 'metadata', 'datasetChange', 'bindingDeltas')),
  ),
  pathField('gcp.request', 'protoPayload', 'request'),
  pathField('gcp.methodName', 'protoPayload', 'methodName'),
  label('gcp.cloudfunctions.function', 'function_name'),
  label('gcp.cloudsql.databaseId', 'database_id'),
  label('gcp.compute.instanceId', 'instance_id'),
  label('gcp.compute.networkId', 'network_id'),
  label('gcp.compute.subnetwork', 'subnetwork_name'),
  label('gcp.compute.subnetworkId', 'subnetwork_id'),
  label('gcp.dns.zone', 'zone_name'),
  label('gcp.iam.serviceAccount', 'email_id'),
  label('gcp.iam.serviceAccountId', 'unique_id'),
  textField('gcp.location', (value) => {
    const labels = at(value, 'resource', 'labels');
    const zone = textOf(at(labels, 'zone'));
    // A zone is its region with a letter behind it: us-central1-a.
    return textOf(at(labels, 'location')) ?? textOf(at(labels, 'region')) ?? zone?.replace(/-[a-z]$/, '');
  }),
  textField('gcp.logging.sink', (value) =>
    at(value, 'resource', 'type') === 'logging_sink' ? textOf(at(value, 'resource', 'labels', 'name')) : undefined,
  ),
  label('gcp.projectId', 'project_id'),
  pathField('gcp.resourceName', 'protoPayload', 'resourceName'),
  pathField('gcp.resourceType', 'resource', 'type'),
  label('gcp.storage.bucket', 'bucket_name'),
];
