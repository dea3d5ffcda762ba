import type { Mapping } from '../../../../events/mapping.ts';
import { dataset, endpoints, read, when } from './shared.ts';

export const files: Mapping<'file_transfer'> = {
  kind: 'file_transfer',
  columns: {
    ...when,
    ...endpoints,
    ...dataset('files'),
    uid: { first: [read('uid'), read('conn_uids', 'joined')] },
    file_uid: read('fuid'),
    file_name: read('filename'),
    file_size: { first: [read('total_bytes', 'integer'), read('seen_bytes', 'integer')] },
    file_mime_type: read('mime_type'),
    file_hash_md5: read('md5', 'hex'),
    file_hash_sha1: read('sha1', 'hex'),
    file_hash_sha256: read('sha256', 'hex'),
    network_protocol: read('source', 'lower'),
    file_depth: read('depth', 'integer'),
    file_analyzers: read('analyzers', 'list'),
    event_duration: read('duration', 'interval'),
    missing_bytes: read('missing_bytes', 'integer'),
    file_from_source: read('is_orig', 'boolean'),
    file_extracted: read('extracted'),
  },
};
