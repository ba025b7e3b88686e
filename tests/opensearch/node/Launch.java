import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.IndexService;
import org.opensearch.index.shard.IndexSettingProvider;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * One node in one process, made of the published artifacts; settings are arguments, key=value. It ends with its standard input,
 * and leaves no file then, nor when it is asked to end.
 */
public final class Launch extends Node {
    private Launch(Settings settings, List<Class<? extends Plugin>> plugins) {
        super(InternalSettingsPreparer.prepareEnvironment(settings, Collections.emptyMap(), null, () -> "node"), plugins, false);
    }

    @Override
    protected void configureNodeAndClusterIdStateListener(ClusterService clusterService) {
        // It would name node and cluster in a log that is not kept.
    }

    /** Has indexes forget in the time that `dateline.forget` says, not in half a minute, what they retain for replicas that have it. */
    public static final class Forgetting extends Plugin {
        @Override
        public List<Setting<?>> getSettings() {
            return List.of(IndexService.RETENTION_LEASE_SYNC_INTERVAL_SETTING, IndexService.GLOBAL_CHECKPOINT_SYNC_INTERVAL_SETTING);
        }

        @Override
        public Collection<IndexSettingProvider> getAdditionalIndexSettingProviders() {
            Settings.Builder given = Settings.builder();
            getSettings().forEach(setting -> given.put(setting.getKey(), System.getProperty("dateline.forget")));
            return List.of(new IndexSettingProvider() {
                @Override
                public Settings getAdditionalIndexSettings(String index, boolean isStream, Settings asked) {
                    return given.build();
                }
            });
        }
    }

    private static void remove(Path home) {
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException error) {
            // Somebody else has removed some of them.
        }
    }

    public static void main(String[] arguments) throws Exception {
        Settings.Builder settings = Settings.builder();
        for (String argument : arguments) {
            int at = argument.indexOf('=');
            String value = argument.substring(at + 1);
            if (value.indexOf(',') >= 0) {
                settings.putList(argument.substring(0, at), value.split(","));
            } else {
                settings.put(argument.substring(0, at), value);
            }
        }
        List<Class<? extends Plugin>> plugins = new ArrayList<>();
        plugins.add(Netty4Plugin.class);
        plugins.add(CommonAnalysisPlugin.class);
        if (System.getProperty("dateline.forget") != null) {
            plugins.add(Forgetting.class);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(Path.of(settings.get("path.home")))));
        Launch node = new Launch(settings.build(), plugins);
        node.start();
        while (System.in.read() >= 0) {
            // Whoever started the node holds the other end; when it is gone, so is the node.
        }
        System.exit(0);
    }
}
