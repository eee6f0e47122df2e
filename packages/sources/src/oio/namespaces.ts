/** Namespaces of KOMBIT's Støttesystemer, interface version 6. Prefixes are those of its schemas. */
export const sd = 'urn:oio:sagdok:3.0.0';
export const gd = 'urn:oio:sts:generelledefinitioner:6';
export const sag = 'urn:oio:sts:sagdok:sag:6';
export const si = 'urn:oio:sts:sagdok:sagindeks:6';
export const di = 'urn:oio:sts:sagdok:dokumentindeks:6';
export const sdi = 'urn:oio:sts:sagdok:sagdokumentindeks:6';
export const requestHeader = 'http://kombit.dk/xml/schemas/RequestHeader/1/';
export const bi = 'urn:oio:sts:ydelse:bevillingindeks:6';
export const oef = 'urn:oio:sts:ydelse:oekonomiskeffektueringindeks:6';
export const yi = 'urn:oio:sts:ydelse:ydelseindeks:6';
