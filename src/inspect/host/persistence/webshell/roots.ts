/** Folders from which web servers deliver, by the customs of distributions and servers. */
export const webRoots =
  /^\/(?:var\/www|srv|usr\/share\/nginx\/html|usr\/local\/(?:apache2?|nginx|www|lsws)|opt\/(?:lampp|bitnami|tomcat[^/]*|apache[^/]*|www)|var\/lib\/tomcat[^/]*|usr\/share\/tomcat[^/]*|home\/[^/]+\/(?:public_html|www|htdocs|public|web)|(?:www|web|htdocs|app|data\/www|wwwroot)|usr\/lib\/cgi-bin|usr\/local\/lib\/cgi-bin|inetpub)\/|\/(?:webapps|htdocs|public_html|wwwroot|cgi-bin|wp-content)\//;

/** In lower case, without its dot; the name itself of `.htaccess`. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const at = name.lastIndexOf('.');
  return at < 0 ? '' : name.slice(at + 1).toLowerCase();
}
