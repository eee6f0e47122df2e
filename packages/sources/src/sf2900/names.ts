/** Fordelingskomponenten: the service that we ask (version 3), and the types in it (version 2), which is also how we are asked. */
export const service3 = 'http://serviceplatformen.dk/xml/wsdl/soap11/DistributionService/3/types';
/** See {@link service3}. */
export const types2 = 'http://serviceplatformen.dk/xml/wsdl/soap11/DistributionService/2/types';
/** What is asked for with a note. */
export const sendAction =
  'http://serviceplatformen.dk/xml/wsdl/soap11/DistributionService/3/port/FordelingsobjektAfsend';
