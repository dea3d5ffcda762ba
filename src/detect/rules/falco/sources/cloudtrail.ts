import {
  at,
  elements,
  isObject,
  stringOf,
  textField,
  type JsonField,
  type JsonObject,
  type JsonValue,
} from './json-record.ts';

/** AWS CloudTrail records, with the fields of Falco's cloudtrail plug-in (falcosecurity/plugins `plugins/cloudtrail`). */

const field = (name: string, ...path: readonly string[]): JsonField =>
  textField(name, (value) => stringOf(at(value, ...path)));

/** Who acted: which key tells depends on the kind of identity. */
function userOf(value: JsonObject): string | undefined {
  switch (stringOf(at(value, 'userIdentity', 'type')) ?? '') {
    case 'Root':
    case 'IAMUser':
      return stringOf(at(value, 'userIdentity', 'userName'));
    case 'AWSService':
      return stringOf(at(value, 'userIdentity', 'invokedBy'));
    case 'AssumedRole':
      return stringOf(at(value, 'userIdentity', 'sessionContext', 'sessionIssuer', 'userName')) ?? 'AssumedRole';
    case 'AWSAccount':
      return 'AWSAccount';
    case 'FederatedUser':
      return 'FederatedUser';
    default:
      return undefined;
  }
}

const readingVerbs = ['Get', 'List', 'Describe', 'Head', 'Lookup', 'Batch'];

/** Records without the property are judged by the verb of their name. */
function isReadOnly(value: JsonObject): string | undefined {
  const told = value['readOnly'];
  if (typeof told === 'boolean') return String(told);
  const name = stringOf(value['eventName']);
  return name === undefined ? undefined : String(readingVerbs.some((verb) => name.startsWith(verb)));
}

function uriOf(value: JsonObject): string | undefined {
  const bucket = stringOf(at(value, 'requestParameters', 'bucketName'));
  const key = stringOf(at(value, 'requestParameters', 'key'));
  return bucket === undefined || key === undefined ? undefined : `s3://${bucket}/${key}`;
}

function bytesField(name: string, keys: readonly string[]): JsonField {
  return {
    name,
    type: 'number',
    isList: false,
    argument: 'none',
    getter: () => (record) => {
      const sizes = keys
        .map((key) => at(record.value, 'additionalEventData', key))
        .filter((size) => typeof size === 'number');
      return sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size, 0);
    },
  };
}

function countField(name: string, isCounted: (event: JsonValue | undefined) => boolean): JsonField {
  return {
    name,
    type: 'number',
    isList: false,
    argument: 'none',
    getter: () => (record) => (isCounted(record.value['eventName']) ? 1 : 0),
  };
}

/** Name tags of the instances that the request makes. */
function instanceName(value: JsonObject): string | undefined {
  const sets = elements(at(value, 'requestParameters', 'tagSpecificationSet', 'items')) ?? [];
  const tags = sets.flatMap((set) => (at(set, 'resourceType') === 'instance' ? (elements(at(set, 'tags')) ?? []) : []));
  return stringOf(
    at(
      tags.find((tag) => at(tag, 'key') === 'Name'),
      'value',
    ),
  );
}

export const cloudtrailFields: readonly JsonField[] = [
  field('ct.id', 'eventID'),
  field('ct.error', 'errorCode'),
  field('ct.errormessage', 'errorMessage'),
  field('ct.time', 'eventTime'),
  field('ct.src', 'eventSource'),
  textField('ct.shortsrc', (value) => stringOf(value['eventSource'])?.replace(/\.amazonaws\.com$/, '')),
  field('ct.name', 'eventName'),
  textField('ct.user', userOf),
  field('ct.user.accountid', 'userIdentity', 'accountId'),
  field('ct.user.identitytype', 'userIdentity', 'type'),
  field('ct.user.principalid', 'userIdentity', 'principalId'),
  field('ct.user.arn', 'userIdentity', 'arn'),
  field('ct.region', 'awsRegion'),
  field('ct.response.subnetid', 'responseElements', 'subnetId'),
  field('ct.response.reservationid', 'responseElements', 'reservationId'),
  textField('ct.response', (value) => {
    const response = value['responseElements'];
    return isObject(response) ? JSON.stringify(response) : undefined;
  }),
  field('ct.request.availabilityzone', 'requestParameters', 'availabilityZone'),
  field('ct.request.cluster', 'requestParameters', 'cluster'),
  field('ct.request.functionname', 'requestParameters', 'functionName'),
  field('ct.request.groupname', 'requestParameters', 'groupName'),
  field('ct.request.host', 'requestParameters', 'Host'),
  field('ct.request.name', 'requestParameters', 'name'),
  field('ct.request.policy', 'requestParameters', 'policy'),
  field('ct.request.serialnumber', 'requestParameters', 'serialNumber'),
  field('ct.request.servicename', 'requestParameters', 'serviceName'),
  field('ct.request.subnetid', 'requestParameters', 'subnetId'),
  field('ct.request.taskdefinition', 'requestParameters', 'taskDefinition'),
  field('ct.request.username', 'requestParameters', 'userName'),
  textField('ct.request', (value) => {
    const request = value['requestParameters'];
    return isObject(request) ? JSON.stringify(request) : undefined;
  }),
  // Our events keep the name of a service, which stands in place of an address, apart.
  textField('ct.srcip', (value) => stringOf(value['sourceIPAddress'] ?? value['sourceService'])),
  field('ct.useragent', 'userAgent'),
  textField('ct.info', (value) => {
    const [user, address, name] = [userOf(value), stringOf(value['sourceIPAddress']), stringOf(value['eventName'])];
    const arrow = isReadOnly(value) === 'false' ? '→' : '←';
    const failed = value['errorCode'] === undefined ? '' : '!';
    return user === undefined || address === undefined || name === undefined
      ? undefined
      : `${user} via ${address} ${failed}${arrow} ${name}`;
  }),
  textField('ct.managementevent', (value) => String(value['managementEvent'] === true)),
  textField('ct.readonly', isReadOnly),
  field('ct.requestid', 'requestID'),
  field('ct.eventtype', 'eventType'),
  field('ct.apiversion', 'apiVersion'),
  field('ct.recipientaccountid', 'recipientAccountId'),
  textField('s3.uri', uriOf),
  field('s3.bucket', 'requestParameters', 'bucketName'),
  field('s3.key', 'requestParameters', 'key'),
  bytesField('s3.bytes', ['bytesTransferredIn', 'bytesTransferredOut']),
  bytesField('s3.bytes.in', ['bytesTransferredIn']),
  bytesField('s3.bytes.out', ['bytesTransferredOut']),
  countField('s3.cnt.get', (event) => event === 'GetObject'),
  countField('s3.cnt.put', (event) => event === 'PutObject'),
  countField('s3.cnt.other', (event) => event !== 'GetObject' && event !== 'PutObject'),
  textField('ec2.name', instanceName),
  textField('ec2.imageid', (value) =>
    stringOf(at(elements(at(value, 'responseElements', 'instancesSet', 'items'))?.[0], 'imageId')),
  ),
  field('ecr.repository', 'requestParameters', 'repositoryName'),
  field('ecr.image.tag', 'requestParameters', 'imageTag'),
];
