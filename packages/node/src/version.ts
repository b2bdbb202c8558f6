/** Version of Ringway; that of package.json. */
export const RINGWAY_VERSION = '0.1.0';

/** What `version` answers. Clients read memcached's number in front to know what they may use. */
export const PROTOCOL_VERSION: string = `1.6.0-ringway-${RINGWAY_VERSION}`;
