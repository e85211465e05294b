SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'none',
  persistAuthorization: false,
  showExtensions: true,
  // Otherwise the page asks a server of Swagger whether the document is valid.
  validatorUrl: null,
})
