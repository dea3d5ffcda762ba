import { boolean, bytes, connectionColumns, defineKind, duration, integer, list, text } from '../kind.ts';

export const kind = defineKind({
  id: 'file_transfer',
  title: 'File seen on the network',
  description: 'One file carried by HTTP, SMTP, FTP, SMB or another protocol.',
  columns: {
    ...connectionColumns,
    file_uid: text('Id that the sensor gave the file.'),
    file_name: text('Name, where the protocol tells.', 'file.name'),
    file_size: bytes('Size seen; the whole size where it is known.', 'file.size'),
    file_mime_type: text('Type by content.', 'file.mime_type'),
    file_hash_md5: text('MD5.', 'file.hash.md5'),
    file_hash_sha1: text('SHA-1.', 'file.hash.sha1'),
    file_hash_sha256: text('SHA-256.', 'file.hash.sha256'),
    network_protocol: text('Protocol that carried it.', 'network.protocol'),
    file_depth: integer('Number of the file in its connection.'),
    file_analyzers: list('Analyzers that the sensor attached.'),
    event_duration: duration('Time from first to last byte.', 'event.duration'),
    missing_bytes: bytes('Bytes that the sensor missed.'),
    file_from_source: boolean('The opener of the connection sent it.'),
    file_extracted: text('Path or name under which the sensor stored it.'),
    url_domain: text('Host it was fetched from.', 'url.domain'),
    url_original: text('URL it was fetched from.', 'url.original'),
  },
});
