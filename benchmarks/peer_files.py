"""Configuration files of the peers; braces are filled in with ``str.format``."""

NGINX = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  default_type application/geo+json;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  open_file_cache max=100;
  server {{ listen 127.0.0.1:{port}; {location} }}
}}
"""

NGINX_FILES = "root {folder}; gzip_types application/geo+json; {gzip};"

NGINX_FASTCGI = """
location / {{
  fastcgi_pass unix:{socket};
  fastcgi_param SCRIPT_NAME "";
  fastcgi_param PATH_INFO $uri;
  fastcgi_param QUERY_STRING $args;
  fastcgi_param REQUEST_METHOD $request_method;
  fastcgi_param SERVER_NAME $host;
  fastcgi_param SERVER_PORT $server_port;
  fastcgi_param SERVER_PROTOCOL $server_protocol;
  fastcgi_param HTTP_ACCEPT $http_accept;
}}
"""

MAPSERVER_CONF = """
CONFIG
  MAPS
    kaart "{mapfile}"
  END
END
"""

MAPFILE = """
MAP
  NAME "kaart"
  EXTENT 3 50 8 54
  PROJECTION "init=epsg:4326" END
  WEB
    METADATA
      "ows_title" "kaart"
      "ows_enable_request" "*"
      "oga_enable_request" "*"
      "oga_max_limit" "10000"
    END
  END
  LAYER
    NAME "{name}"
    TYPE POLYGON
    STATUS ON
    CONNECTIONTYPE OGR
    CONNECTION "{gpkg}"
    DATA "year"
    TEMPLATE "void"
    EXTENT 3 50 8 54
    PROJECTION "init=epsg:4326" END
    METADATA
      "ows_title" "{name}"
      "gml_include_items" "all"
      "gml_featureid" "id"
    END
  END
END
"""
