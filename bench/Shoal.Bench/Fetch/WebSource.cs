using System.Globalization;

namespace Shoal.Bench.Fetch;

/// <summary>nginx, where it is installed, with a folder of files.</summary>
internal static class WebSource
{
    private static readonly string[] s_places = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"];

    /// <summary>The program, or null.</summary>
    public static string? Program => s_places.FirstOrDefault(File.Exists);

    /// <summary>Starts it on a port of this machine.</summary>
    public static BenchProcess Start(string program, string root, int port)
    {
        string state = Directory.CreateDirectory(Path.Combine(root, "nginx")).FullName;
        string listen = port.ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(
            Path.Combine(state, "nginx.conf"),
            $$"""
            daemon off;
            pid {{state}}/pid;
            error_log {{state}}/error.log;
            worker_processes auto;
            events { worker_connections 64; }
            http {
              access_log off;
              sendfile on;
              client_body_temp_path {{state}}/body;
              proxy_temp_path {{state}}/forwarded;
              fastcgi_temp_path {{state}}/fastcgi;
              uwsgi_temp_path {{state}}/uwsgi;
              scgi_temp_path {{state}}/scgi;
              server { listen 127.0.0.1:{{listen}}; root {{root}}; }
            }
            """);
        return BenchProcess.Start("nginx", [program, "-p", state, "-c", Path.Combine(state, "nginx.conf")]);
    }
}
