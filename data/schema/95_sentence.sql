-- Each fact as one plain English sentence: sentence_TABLE has the table's key columns under their own names, sentence,
-- source_id and locator, one row per fact. Proofs, explain and list read facts through these and nothing else.

CREATE VIEW sentence_dispute AS
  SELECT fact_id, other_value, 'For ' || fact_id || ' another source says ' || other_value ||
         CASE stands WHEN 'ours' THEN '; the value here stands: ' ELSE '; which one holds is open: ' END || reason || '.' AS sentence, source_id, locator
    FROM dispute;

CREATE VIEW sentence_compute_capability AS
  SELECT cc, 'Compute capability ' || cc || ' is ' || architecture ||
         CASE board WHEN 'embedded' THEN ', an embedded board whose machine code is apart from that of cards' WHEN 'module' THEN ', a module' ELSE '' END ||
         CASE typical WHEN '-' THEN '' WHEN 'unsaid' THEN '' ELSE ': ' || typical END ||
         CASE renamed_to WHEN '-' THEN '' ELSE '; it is now called ' || renamed_to END || '.' AS sentence, source_id, locator
    FROM compute_capability;

CREATE VIEW sentence_architecture AS
  SELECT target, 'Compilers build ' || target || ' for compute capability ' || cc ||
         CASE suffix WHEN 'a' THEN ' and no other' WHEN 'f' THEN ' and its family' ELSE '' END ||
         CASE first_toolkit WHEN 'unsaid' THEN '' ELSE ' from CUDA ' || first_toolkit || ' on' END ||
         CASE last_toolkit WHEN 'open' THEN ', to this day' WHEN 'unsaid' THEN '' WHEN '-' THEN '' ELSE ', last with CUDA ' || last_toolkit END || '.' AS sentence,
         source_id, locator
    FROM architecture;

CREATE VIEW sentence_target_family AS
  SELECT target, cc, 'Code for ' || target || ' runs on compute capability ' || cc || '.' AS sentence, source_id, locator FROM target_family;

CREATE VIEW sentence_embedded_exception AS
  SELECT image_cc, device_cc, 'From JetPack ' || from_jetpack || ' on, code for compute capability ' || image_cc || ' may run on the embedded ' || device_cc ||
         ', which the vendor does not promise.' AS sentence, source_id, locator
    FROM embedded_exception;

CREATE VIEW sentence_capability_feature AS
  SELECT cc, feature, 'On compute capability ' || cc || ', ' || replace(feature, '_', ' ') ||
         CASE value WHEN 'unsaid' THEN ' is not said by the source.' ELSE ': ' || value || '.' END AS sentence, source_id, locator
    FROM capability_feature;

CREATE VIEW sentence_toolkit AS
  SELECT release, 'CUDA Toolkit ' || release || ' is called ' || label || CASE driver_branch WHEN '-' THEN '' WHEN 'unsaid' THEN '' ELSE '; its driver branch is R' || driver_branch END ||
         CASE released WHEN 'unsaid' THEN '' ELSE '; released ' || released END || '.' AS sentence, source_id, locator
    FROM toolkit;

CREATE VIEW sentence_toolkit_min_driver AS
  SELECT cuda, os, CASE min_driver WHEN 'unsaid' THEN 'Which driver CUDA ' || cuda || ' asks for on ' || os || ' is not said by the source.'
           ELSE 'CUDA ' || cuda || ' asks for driver ' || min_driver || ' or newer on ' || os || '.' END AS sentence, source_id, locator
    FROM toolkit_min_driver;

CREATE VIEW sentence_toolkit_release_driver AS
  SELECT release, os, 'CUDA Toolkit ' || release || ' on ' || os || CASE min_driver WHEN 'unsaid' THEN ' has no minimum driver that the source says' WHEN '-' THEN ' has no minimum driver'
           ELSE ' asks for driver ' || min_driver || ' or newer' END ||
         CASE bundled_driver WHEN '-' THEN '; its installer brings no driver' WHEN 'unsaid' THEN '' ELSE '; its installer brings ' || bundled_driver END || '.' AS sentence, source_id, locator
    FROM toolkit_release_driver;

CREATE VIEW sentence_minor_version_compatibility AS
  SELECT cuda_major, os, 'Every CUDA ' || cuda_major || '.x release runs on driver ' || min_driver || ' or newer on ' || os || ' by minor-version compatibility' ||
         CASE sure_from WHEN min_driver THEN '' ELSE ' (another page of the vendor says ' || sure_from || ')' END || '.' AS sentence, source_id, locator
    FROM minor_version_compatibility;

CREATE VIEW sentence_host_compiler AS
  SELECT cuda, compiler, 'nvcc of CUDA ' || cuda || ' on ' || os || ' accepts ' || compiler || CASE compiler WHEN 'msvc' THEN ' (_MSC_VER) ' ELSE ' ' END ||
         CASE min_version WHEN 'unsaid' THEN 'up to ' ELSE min_version || ' to ' END || max_version || '.' AS sentence, source_id, locator
    FROM host_compiler;

CREATE VIEW sentence_library_choice AS
  SELECT package, first_version, package || ' ' || first_version || ' to ' || last_version || ' loads ' || library || ' of the CUDA release that ' || framework || ' was built with.' AS sentence, source_id, locator
    FROM library_choice;

CREATE VIEW sentence_known_failure AS
  SELECT package, first_version, first_cc, package || ' ' || first_version || ' to ' || last_version || ' on compute capability ' || first_cc || ' to ' || last_cc || ': ' || symptom || '.' AS sentence,
         source_id, locator FROM known_failure;

CREATE VIEW sentence_host_compiler_name AS
  SELECT compiler, name, compiler || ' ' || name || ' has _MSC_VER ' || first_version ||
         CASE last_version WHEN first_version THEN '' ELSE ' to ' || last_version END || '.' AS sentence, source_id, locator
    FROM host_compiler_name;

CREATE VIEW sentence_toolkit_platform AS
  SELECT platform, 'CUDA toolkits exist for ' || platform || CASE first_toolkit WHEN 'unsaid' THEN '' ELSE ' from CUDA ' || first_toolkit || ' on' END ||
         CASE last_toolkit WHEN 'open' THEN ', to this day' WHEN 'unsaid' THEN '' ELSE ', last with CUDA ' || last_toolkit END || '.' AS sentence, source_id, locator
    FROM toolkit_platform;

CREATE VIEW sentence_toolkit_distribution AS
  SELECT release, platform, distribution, versions, 'The installation guide of CUDA ' || release || ' lists ' || distribution || ' ' || versions || ' for ' || platform ||
         CASE default_gcc WHEN 'unsaid' THEN '' WHEN '-' THEN '' ELSE ', with gcc ' || default_gcc END ||
         CASE glibc WHEN 'unsaid' THEN '' WHEN '-' THEN '' ELSE ' and glibc ' || glibc END || '.' AS sentence, source_id, locator
    FROM toolkit_distribution;

CREATE VIEW sentence_toolkit_component AS
  SELECT release, component, 'CUDA Toolkit ' || release || ' brings ' || component || ' ' || version || '.' AS sentence, source_id, locator FROM toolkit_component;

CREATE VIEW sentence_soname AS
  SELECT soname, cuda, 'The file ' || soname || ' is ' || component || CASE cuda WHEN 'driver' THEN ' and comes with the driver' ELSE ' of CUDA ' || cuda END ||
         CASE package WHEN '-' THEN '' WHEN 'unsaid' THEN '' ELSE '; the Python package ' || package || ' carries it' END || '.' AS sentence, source_id, locator
    FROM soname;

CREATE VIEW sentence_driver_branch AS
  SELECT branch, os, 'Driver branch R' || branch || ' on ' || os || CASE max_cuda WHEN 'unsaid' THEN '' ELSE ' reports CUDA ' || max_cuda END ||
         CASE latest_version WHEN 'unsaid' THEN '' ELSE CASE max_cuda WHEN 'unsaid' THEN ' has ' ELSE '; its newest release known here is ' END || latest_version ||
           CASE max_cuda WHEN 'unsaid' THEN ' as its newest release known here' ELSE '' END END ||
         CASE WHEN max_cuda = 'unsaid' AND latest_version = 'unsaid' THEN ' exists' ELSE '' END || '.' AS sentence, source_id, locator
    FROM driver_branch;

CREATE VIEW sentence_driver_release AS
  SELECT version, os, 'Driver ' || version || ' for ' || os || ' is of branch R' || branch || CASE first_seen WHEN 'unsaid' THEN '' ELSE ', first seen ' || first_seen END || '.' AS sentence,
         source_id, locator
    FROM driver_release;

CREATE VIEW sentence_driver_support AS
  SELECT cc, os, 'On ' || os || ', cards of compute capability ' || cc || ' are driven ' || CASE first_branch WHEN 'unsaid' THEN '' ELSE 'from branch R' || first_branch ||
           CASE WHEN first_version IN ('unsaid', '-') THEN '' ELSE ' (' || first_version || ')' END END ||
         CASE last_branch WHEN 'open' THEN ' on, to this day' WHEN 'unsaid' THEN ' on' ELSE ' to branch R' || last_branch || ', the last one' END ||
         CASE modules WHEN 'proprietary' THEN ', by the proprietary kernel modules only' WHEN 'open' THEN ', by the open kernel modules only' ELSE '' END || '.' AS sentence, source_id, locator
    FROM driver_support;

CREATE VIEW sentence_module_flavour AS
  SELECT flavour, 'The ' || flavour || ' Linux kernel modules exist from branch R' || first_branch || CASE last_branch WHEN 'open' THEN ' on' ELSE ' to R' || last_branch END || '.' AS sentence,
         source_id, locator
    FROM module_flavour;

CREATE VIEW sentence_driver_defect AS
  SELECT first_version, os, 'Driver ' || first_version || CASE last_version WHEN first_version THEN '' ELSE ' to ' || last_version END || ' on ' || CASE system WHEN '*' THEN os ELSE system END || CASE platform WHEN '*' THEN '' ELSE ' (' || platform || ')' END || ' is known to fail: ' || symptom || '.' AS sentence,
         source_id, locator
    FROM driver_defect;

CREATE VIEW sentence_ptx_isa AS
  SELECT isa, cuda, 'PTX ISA ' || isa || ' came with ' || CASE cuda WHEN 'unsaid' THEN '' ELSE 'CUDA ' || cuda || CASE driver_branch WHEN 'unsaid' THEN '' WHEN '-' THEN '' ELSE ' and ' END END || CASE driver_branch WHEN 'unsaid' THEN '' WHEN '-' THEN '' ELSE 'driver branch R' || driver_branch END ||
         '; older drivers do not compile it.' AS sentence, source_id, locator
    FROM ptx_isa;

CREATE VIEW sentence_codec AS
  SELECT codec, os, CASE codec WHEN 'none' THEN 'Uncompressed code' ELSE 'Code compressed with ' || codec END || ' is read on ' || os || CASE min_driver WHEN '-' THEN ' by every driver.'
           WHEN 'unsaid' THEN '; from which driver on, no source says.' ELSE ' by driver ' || min_driver || ' and newer.' END AS sentence, source_id, locator
    FROM codec;

CREATE VIEW sentence_forward_compatibility AS
  SELECT cuda, kernel_branch, CASE status WHEN 'native' THEN 'Driver branch R' || kernel_branch || ' has CUDA ' || cuda || ' itself; its cuda-compat package is not needed there.'
           ELSE 'The vendor lists cuda-compat ' || cuda || ' on kernel driver branch R' || kernel_branch || ' as ' || status || '.' END AS sentence, source_id, locator
    FROM forward_compatibility;

CREATE VIEW sentence_forward_compatibility_class AS
  SELECT class, 'Forward compatibility (cuda-compat) is ' || CASE allowed WHEN 'yes' THEN 'supported on' WHEN 'no' THEN 'not supported on' ELSE 'supported on some' END || ' cards of the class ' ||
         class || '.' AS sentence, source_id, locator
    FROM forward_compatibility_class;

CREATE VIEW sentence_jetpack AS
  SELECT l4t, 'Jetson Linux ' || l4t || ' is JetPack ' || jetpack || CASE cuda WHEN 'unsaid' THEN '' WHEN '-' THEN '' ELSE ' with CUDA ' || cuda END || ', for modules of compute capability ' ||
         replace(modules, ' ', ', ') || '.' AS sentence, source_id, locator
    FROM jetpack;

CREATE VIEW sentence_jetpack_upgrade AS
  SELECT first_jetpack, 'JetPack ' || first_jetpack || ' and newer take the libcuda of newer releases from the packages cuda-compat, from CUDA ' || first_cuda || ' on; up to which one the source does not say.' AS sentence,
         source_id, locator
    FROM jetpack_upgrade;

CREATE VIEW sentence_library_ceiling AS
  SELECT package, library, first_cuda, library || ' for CUDA ' || first_cuda || CASE last_cuda WHEN first_cuda THEN '' ELSE ' to ' || last_cuda END || ', which ' || package || ' loads, knows cards up to compute capability ' || max_cc || '.' AS sentence, source_id, locator
    FROM library_ceiling;

CREATE VIEW sentence_shared_runtime AS
  SELECT package, framework, package || CASE binds WHEN 'must' THEN ' loads the CUDA runtime of the major that it is built with, and finds that of ' || framework || ' alone.'
           ELSE ' loads CUDA''s libraries of the major that it is built with and brings none: those of ' || framework || ' where it brings that major, else what is installed beside it.' END AS sentence, source_id, locator
    FROM shared_runtime;

CREATE VIEW sentence_runtime_target AS
  SELECT runtime_compiler, 'What compiles at run time with ' || runtime_compiler || ' asks for the card''s own name (sm_89)' || CASE suffix_from WHEN '-' THEN '' ELSE ', from ' || suffix_from || ' on with an a' END ||
         CASE beyond WHEN 'newest' THEN ', or for the newest that the compiler knows where the card is newer.' ELSE '.' END AS sentence, source_id, locator
    FROM runtime_target;

CREATE VIEW sentence_gpu AS
  SELECT gpu_id, name || ' has compute capability ' || cc || CASE chips WHEN 'unsaid' THEN '' WHEN '-' THEN '' ELSE ' (' || replace(chips, ' ', ', ') || ')' END ||
         CASE memory_mib WHEN 'unsaid' THEN '' WHEN '-' THEN '' ELSE ' and ' || replace(memory_mib, ' ', ' or ') || ' MiB of memory' END ||
         CASE standing WHEN 'pci-only' THEN '; only the PCI id list knows it' ELSE '' END || '.' AS sentence, source_id, locator
    FROM gpu;

CREATE VIEW sentence_gpu_alias AS
  SELECT a.alias, a.gpu_id, '"' || a.alias || '" is another spelling of ' || coalesce(g.name, a.gpu_id) || '.' AS sentence, a.source_id, a.locator
    FROM gpu_alias a LEFT JOIN gpu g ON g.gpu_id = a.gpu_id;

CREATE VIEW sentence_cloud_type AS
  SELECT type, type || ' is a machine type of ' || substr(family, 1, instr(family, ' ') - 1) || ' with the card of the family ' || substr(family, instr(family, ' ') + 1) || '.' AS sentence, source_id, locator
    FROM cloud_type;

CREATE VIEW sentence_gpu_pci AS
  SELECT device_id, 'The PCI device 10de:' || device_id || ' is ' || name || ' (' || chip || '), compute capability ' || cc || '.' AS sentence, source_id, locator FROM gpu_pci;

CREATE VIEW sentence_gpu_virtual AS
  SELECT name, cc, 'The virtual card ' || name || ' is a slice of a ' || chip || ', compute capability ' || cc || '.' AS sentence, source_id, locator FROM gpu_virtual;

CREATE VIEW sentence_board_word AS
  SELECT word, CASE means WHEN 'before-memory' THEN 'In front of the memory of a board, "' || word || '" is a letter of the model''s name and no part of the size.'
         ELSE 'In the name of a card "' || word || '" is the word of a ' || CASE means WHEN 'maker' THEN 'maker of boards' ELSE 'series of boards' END || ' and no part of the chip''s name.' END AS sentence, source_id, locator FROM board_word;

CREATE VIEW sentence_package AS
  SELECT package, package || ' is ' || title || ', a ' || kind || CASE runtime_compiler WHEN '-' THEN CASE main_library WHEN '-' THEN '' ELSE ' whose images are judged on ' || main_library END
           ELSE ' that compiles its kernels at run time (' || runtime_compiler || ')' END || '.' AS sentence, source_id, locator
    FROM package;

CREATE VIEW sentence_package_alias_cuda AS
  SELECT alias, cuda_major, 'Beside CUDA ' || cuda_major || ' ' || alias || ' is ' || package || '.' AS sentence, source_id, locator FROM package_alias_cuda;
CREATE VIEW sentence_package_alias AS
  SELECT alias, alias || ' is another name of ' || package || CASE tag WHEN '-' THEN '' ELSE ' with the tag ' || tag END || '.' AS sentence, source_id, locator FROM package_alias;

CREATE VIEW sentence_package_index AS
  SELECT package, channel, tag, CASE channel WHEN 'default' THEN 'The default index serves ' ELSE 'The project''s own index serves ' END || package || CASE tag WHEN '*' THEN '' ELSE ' with tags like ' || tag END ||
         CASE index_url WHEN '-' THEN '' ELSE ' at ' || index_url END || '.' AS sentence, source_id, locator
    FROM package_index;

CREATE VIEW sentence_listing AS
  SELECT package, first_version, os, arch, channel, 'Every build of ' || package || ' ' || first_version || ' to ' || last_version || ' for ' || os || ' ' || arch ||
         CASE channel WHEN 'every' THEN '' ELSE ' on the ' || channel || ' index' END || ' is in the data.' AS sentence, source_id, locator
    FROM listing;

CREATE VIEW sentence_build AS
  SELECT package, version, tag, os, arch, channel, package || ' ' || version || CASE tag WHEN '-' THEN '' ELSE '+' || tag END || ' for ' || os || ' ' || arch ||
         CASE device WHEN 'cuda' THEN CASE cuda WHEN 'unsaid' THEN '' ELSE ' uses CUDA ' || cuda END || CASE images WHEN 'unsaid' THEN '; its images are not known' WHEN '-' THEN '' ELSE '; its images (' || images_kind || '): ' || images END
           WHEN 'cpu' THEN ' holds no CUDA code' WHEN 'rocm' THEN ' is built for AMD''s ROCm' ELSE ' is built for Intel''s XPU' END ||
         CASE pythons WHEN 'unsaid' THEN '' WHEN 'any' THEN '; any Python' ELSE '; Python ' || replace(pythons, ' ', ', ') END || '.' AS sentence, source_id, locator
    FROM build;

CREATE VIEW sentence_measured_image AS
  SELECT package, version, tag, os, arch, library, kind, target, codec, isa, in_section,
         replace(library, ':', '/') || ' of ' || package || ' ' || version || CASE tag WHEN '-' THEN '' ELSE '+' || tag END || ' for ' || os || ' ' || arch || ' holds ' || target || ' ' || kind ||
         CASE isa WHEN '-' THEN '' ELSE ' (PTX ISA ' || isa || ')' END || ' in ' || containers || CASE containers WHEN 1 THEN ' container' ELSE ' containers' END ||
         CASE codec WHEN 'none' THEN '' ELSE ', compressed with ' || codec END || CASE in_section WHEN 'no' THEN ', outside the fatbin sections' ELSE '' END || '.' AS sentence, source_id, locator
    FROM measured_image;

CREATE VIEW sentence_library_role AS
  SELECT package, rank, 'Of ' || package || ', files like ' || library || ' are ' ||
         CASE role WHEN 'main' THEN 'the main library' WHEN 'choice' THEN 'alternatives: one that runs is enough' WHEN 'secondary' THEN 'secondary: missing images there are a caveat'
           WHEN 'feature' THEN 'for one feature' WHEN 'companion' THEN 'of another project' ELSE 'for profiling only' END || '.' AS sentence, source_id, locator
    FROM library_role;

CREATE VIEW sentence_hand_tuned AS
  SELECT library, 'In libraries like ' || library || ' kernels are made for some cards each, and the library chooses among them.' AS sentence, source_id, locator
    FROM hand_tuned;

CREATE VIEW sentence_system_library AS
  SELECT os, library, 'Libraries named like ' || library || ' are those of ' || os || ', its compiler or interpreter, and bring no CUDA.' AS sentence, source_id, locator
    FROM system_library;

CREATE VIEW sentence_host_bits AS
  SELECT bits, 'Programs of ' || bits || ' bits use CUDA on cards up to compute capability ' || last_cc || '; the vendor promises it of GeForce cards.' AS sentence, source_id, locator
    FROM host_bits;

CREATE VIEW sentence_companion AS
  SELECT package, version, companion, package || ' ' || version || CASE companion_version WHEN 'unsaid' THEN ' goes with a ' || companion || ' that the source does not say'
           WHEN '-' THEN ' has no ' || companion || ' that goes with it' ELSE ' goes with ' || companion || ' ' || companion_version END ||
         CASE same_tag WHEN 'yes' THEN ' of the same tag' WHEN 'any' THEN ', which takes any other as well' ELSE '' END || '.' AS sentence, source_id, locator
    FROM companion;

CREATE VIEW sentence_companion_build AS
  SELECT package, companion, first_version, tag, arch, 'The index of ' || package || ' holds ' || companion || ' with ' || tag || ' for ' || package || ' ' || first_version ||
         CASE last_version WHEN first_version THEN '' ELSE ' to ' || last_version END || ' on ' || arch || ', built for ' || images || '.' AS sentence, source_id, locator
    FROM companion_build;

CREATE VIEW sentence_python_floor AS
  SELECT package, first_version, package || ' ' || first_version || CASE last_version WHEN first_version THEN '' ELSE ' to ' || last_version END || CASE min_python WHEN '-' THEN '' ELSE ' asks for Python ' || min_python || ' or newer' END ||
         CASE below_python WHEN '-' THEN '' ELSE CASE min_python WHEN '-' THEN ' is for Python' ELSE ' and' END || ' below ' || below_python END || '.' AS sentence, source_id, locator
    FROM python_floor;

CREATE VIEW sentence_build_cuda_range AS
  SELECT package, version, package || ' ' || version || ' is for CUDA ' || first_cuda || ' to ' || last_cuda || '; which of them its files take is not said.' AS sentence, source_id, locator FROM build_cuda_range;

CREATE VIEW sentence_extra_unresolved AS
  SELECT package, extra, first_version, python, package || '[' || extra || '] ' || first_version || CASE last_version WHEN first_version THEN '' ELSE ' to ' || last_version END || ' asks for ' || wheel ||
         ', which the index does not have' || CASE python WHEN '*' THEN '.' ELSE ' for Python ' || python || '.' END AS sentence, source_id, locator
    FROM extra_unresolved;

CREATE VIEW sentence_wheel_libc AS
  SELECT package, first_version, tag, channel, arch, 'The wheels of ' || package || ' ' || first_version || CASE last_version WHEN first_version THEN '' ELSE ' to ' || last_version END ||
         CASE tag WHEN '*' THEN '' ELSE ' with tag ' || tag END || CASE channel WHEN 'default' THEN ' on the package index' WHEN 'framework' THEN ' on the framework''s index' ELSE '' END || ' for Linux' ||
         CASE arch WHEN '*' THEN '' ELSE ' on ' || arch END || ' take glibc ' || min_glibc || ' or newer.' AS sentence, source_id, locator
    FROM wheel_libc;

CREATE VIEW sentence_distribution_libc AS
  SELECT distribution, release, distribution || CASE release WHEN '*' THEN '' ELSE ' ' || release END || ' has ' || libc || CASE version WHEN '-' THEN '' ELSE ' ' || version END || '.' AS sentence, source_id, locator
    FROM distribution_libc;

CREATE VIEW sentence_distribution_like AS
  SELECT name, name || ' has the numbers and the C library of ' || distribution || '.' AS sentence, source_id, locator FROM distribution_like;

CREATE VIEW sentence_capability_floor AS
  SELECT package, first_version, cuda_major, feature, CASE feature WHEN '-' THEN '' ELSE replace(feature, '_', ' ') || ' of ' END || package || ' ' || first_version || CASE last_version WHEN first_version THEN '' WHEN 'open' THEN ' and newer' ELSE ' to ' || last_version END ||
         CASE cuda_major WHEN '*' THEN '' ELSE ' for CUDA ' || cuda_major END || ' needs compute capability ' || min_cc || ' or higher.' AS sentence, source_id, locator
    FROM capability_floor;

CREATE VIEW sentence_library_floor AS
  SELECT package, first_version, tag, library, package || ' ' || first_version || CASE last_version WHEN first_version THEN '' WHEN 'open' THEN ' and newer' ELSE ' to ' || last_version END ||
         CASE tag WHEN '*' THEN '' ELSE ' (' || tag || ')' END || ' needs ' || library || ' ' || min_version || ' or newer' ||
         CASE below_version WHEN '-' THEN '' ELSE ', below ' || below_version END || ': ' || reason || '.' AS sentence, source_id, locator
    FROM library_floor;

CREATE VIEW sentence_runtime_compiler AS
  SELECT package, first_version, tag, os, compiler, package || ' ' || first_version || CASE last_version WHEN first_version THEN '' WHEN 'open' THEN ' and newer' ELSE ' to ' || last_version END ||
         CASE tag WHEN '*' THEN '' ELSE ' (' || tag || ')' END || CASE os WHEN '*' THEN '' ELSE ' on ' || os END || ' compiles at run time with ' || compiler ||
         CASE cuda WHEN 'unsaid' THEN '' ELSE ' of CUDA ' || cuda END || '.' AS sentence, source_id, locator
    FROM runtime_compiler;

CREATE VIEW sentence_library_release AS
  SELECT library, version, cuda_major, library || ' ' || version || ' for CUDA ' || cuda_major ||
         CASE min_cc WHEN 'unsaid' THEN ' exists' ELSE ' supports compute capability ' || min_cc || ' and higher' END ||
         CASE min_driver_linux WHEN 'unsaid' THEN '' WHEN '-' THEN '' ELSE '; driver ' || min_driver_linux || ' or newer on linux' END ||
         CASE min_driver_windows WHEN 'unsaid' THEN '' WHEN '-' THEN '' ELSE '; driver ' || min_driver_windows || ' or newer on windows' END || '.' AS sentence, source_id, locator
    FROM library_release;

CREATE VIEW sentence_remedy AS
  SELECT rule_id, rank, os, platform, only_for, 'Against ' || rule_id || CASE os WHEN '*' THEN '' ELSE ' on ' || os END || CASE platform WHEN '*' THEN '' ELSE ' (' || platform || ')' END ||
         ': ' || title || '.' AS sentence, source_id, locator
    FROM remedy;

CREATE VIEW sentence_capture_meaning AS
  SELECT rule_id, capture, 'What a message of ' || rule_id || ' captures as ' || capture || ' is the ' || means || '.' AS sentence, source_id, locator FROM capture_meaning;

CREATE VIEW sentence_package_word AS
  SELECT word, '"' || word || '" in a message speaks of ' || package || '.' AS sentence, source_id, locator FROM package_word;

CREATE VIEW sentence_system_word AS
  SELECT word, '"' || word || '" in a log tells of ' || CASE os WHEN '-' THEN '' ELSE os END || CASE platform WHEN '-' THEN '' ELSE ' (' || platform || ')' END || '.' AS sentence,
         source_id, locator FROM system_word;

CREATE VIEW sentence_package_twin AS
  SELECT package, package || ' holds no CUDA code; ' || twin || ' does.' AS sentence, source_id, locator FROM package_twin;

CREATE VIEW sentence_extra_tag AS
  SELECT package, extra, first_version, package || '[' || extra || '] is what builds here call ' || tag || CASE WHEN last_version = 'open' THEN '' ELSE ', up to ' || last_version END || '.' AS sentence, source_id, locator FROM extra_tag;

CREATE VIEW sentence_wheel_abi AS
  SELECT package, first_version, tag, 'The wheels of ' || package || ' ' || first_version || CASE last_version WHEN first_version THEN '' WHEN 'open' THEN ' and newer' ELSE ' to ' || last_version END ||
         ' (' || tag || ') for Linux on x86_64 have the C++ ABI that extensions call ' || abi || '.' AS sentence, source_id, locator
    FROM wheel_abi;

CREATE VIEW sentence_left_behind AS
  SELECT package, tag, 'A build of ' || package || ' with another tag than ' || tag || ' leaves ' || distributions || ' behind.' AS sentence, source_id, locator
    FROM left_behind;

CREATE VIEW sentence_install_form AS
  SELECT package, channel, first_version, os, tag, package || ' ' || first_version || CASE last_version WHEN 'open' THEN ' and newer' WHEN first_version THEN '' ELSE ' to ' || last_version END ||
         CASE tag WHEN '*' THEN '' ELSE ' with ' || tag END || CASE os WHEN '*' THEN '' ELSE ' on ' || os END || ' is installed as ' || install || CASE option WHEN '-' THEN '' ELSE ' with ' || option || CASE index_url WHEN '-' THEN '' ELSE ' ' || index_url END END || '.' AS sentence, source_id, locator
    FROM install_form;

CREATE VIEW sentence_error_code AS
  SELECT family, code, CASE family WHEN 'runtime' THEN 'CUDA runtime error ' WHEN 'driver' THEN 'CUDA driver API error ' WHEN 'runtime-before-10.1' THEN 'Before CUDA 10.1, runtime error '
           WHEN 'nvml' THEN 'NVML return code ' WHEN 'windows' THEN 'Windows error ' WHEN 'xid' THEN 'Xid ' ELSE 'nvidia-smi exit code ' END || code || ' is ' || name ||
         CASE message WHEN '-' THEN '' ELSE ': "' || message || '"' END || '.' AS sentence, source_id, locator
    FROM error_code;

CREATE VIEW sentence_error_pattern AS
  SELECT pattern_id, '"' || replace(anchor, '|', '" or "') || '" in a log points to ' || CASE rule_id WHEN '-' THEN 'no question of compatibility (' || class || ')' ELSE rule_id END || '.' AS sentence, source_id, locator FROM error_pattern;

CREATE VIEW sentence_error_wording AS
  SELECT wording_id, 'A line that says ' || note || ' points to ' || CASE rule_id WHEN '-' THEN 'no question of compatibility (' || class || ')' ELSE rule_id END || ', where nothing else is recognised.' AS sentence, source_id, locator FROM error_wording;

CREATE VIEW sentence_wording_term AS
  SELECT term, way, 'A line with ' || CASE anchor WHEN '-' THEN pattern ELSE '"' || replace(anchor, '|', '" or "') || '"' END || ' may speak of ' || term || '.' AS sentence, source_id, locator FROM wording_term;

CREATE VIEW sentence_context_word AS
  SELECT context, 'A sentence that others print as well is one of ' || context || ' where the lines around say so.' AS sentence, source_id, locator FROM context_word;

CREATE VIEW sentence_error_context AS
  SELECT pattern_id, 'The sentence of ' || pattern_id || ' counts where ' || context || ' is spoken of near it.' AS sentence, source_id, locator FROM error_context;

CREATE VIEW sentence_error_choice AS
  SELECT pattern_id, rule_id, 'The sentence of ' || pattern_id || ' points to ' || rule_id || CASE decided_by WHEN 'facts' THEN ' when the tables say so of what it names' WHEN 'answer' THEN ' when the question concludes it' WHEN 'else' THEN ' when the tables rule out every other reading' WHEN 'foreign' THEN ' when it names no package of the data' WHEN 'driver-serves' THEN ' where the driver is of a newer CUDA' WHEN 'capability-from' THEN ' for a card from ' || value || ' on' ELSE ' on ' || value END || '.' AS sentence, source_id, locator FROM error_choice;

CREATE VIEW sentence_candidate AS
  SELECT rule_id, candidate_rule, 'What looks like ' || rule_id || ' may be ' || candidate_rule || ': ' || because || '.' AS sentence, source_id, locator FROM candidate;

CREATE VIEW sentence_gpu_host AS
  SELECT gpu_id, os, (SELECT g.name FROM gpu g WHERE g.gpu_id = h.gpu_id) || ' shares its board with a ' || processor || ' processor (' || arch || '), under ' || os || '.' AS sentence,
         source_id, locator
    FROM gpu_host h;

CREATE VIEW sentence_wheel_need AS
  SELECT package, version, tag, arch, extra, wheel, package || CASE extra WHEN '-' THEN '' ELSE '[' || extra || ']' END || ' ' || version || CASE tag WHEN '-' THEN '' ELSE '+' || tag END || ' asks for ' || wheel ||
         CASE WHEN exact = 'yes' THEN ' ' || min_version WHEN min_version = '-' AND below_version = '-' THEN '' ELSE CASE min_version WHEN '-' THEN '' ELSE ' ' || min_version || ' or newer' END || CASE below_version WHEN '-' THEN '' ELSE ', below ' || below_version END END || '.' AS sentence,
         source_id, locator
    FROM wheel_need;

CREATE VIEW sentence_overlaid_wheel AS
  SELECT stem, stem || '11, 12 and 13 hold files of the same names for one major version: the later one overwrites the other''s.' AS sentence, source_id, locator FROM overlaid_wheel;

CREATE VIEW sentence_wheel_need_index AS
  SELECT package, 'From ' || package || ' ' || first_version || ' on the builds of its own index ask for NVIDIA''s wheels too.' AS sentence, source_id, locator FROM wheel_need_index;

CREATE VIEW sentence_wsl_limit AS
  SELECT limit_id, CASE class WHEN '*' THEN 'Cards' ELSE 'Cards of the class ' || class END || CASE below_cc WHEN '-' THEN '' ELSE ' below ' || below_cc END || ' in WSL: ' || reason || '.' AS sentence, source_id, locator FROM wsl_limit;

CREATE VIEW sentence_other_vendor AS
  SELECT pattern, 'A card called ' || pattern || ' is a product of ' || vendor || '.' AS sentence, source_id, locator FROM other_vendor;

CREATE VIEW sentence_pci_vendor AS
  SELECT vendor_id, 'PCI vendor ' || vendor_id || ' is ' || name || CASE computes WHEN 'yes' THEN ', which makes cards for computing that do not run CUDA.' ELSE '.' END AS sentence, source_id, locator
    FROM pci_vendor;

CREATE VIEW sentence_dialect AS
  SELECT name, 'Remedies on ' || name || ' are told in the words of ' || dialect || '.' AS sentence, source_id, locator FROM dialect;

CREATE VIEW sentence_remedy_word AS
  SELECT dialect, words, 'On ' || dialect || ', "' || words || '" is ' || CASE instead WHEN '-' THEN 'left out' ELSE '"' || instead || '"' END || '.' AS sentence, source_id, locator FROM remedy_word;

CREATE VIEW sentence_remedy_driver AS
  SELECT dialect, words, modules, branch, 'On ' || dialect || ', for cards with ' || CASE modules WHEN 'either' THEN 'either kind of' ELSE modules END || ' kernel modules and ' ||
         CASE branch WHEN 'newest' THEN 'the newest branch' ELSE 'branch ' || branch END || ', "' || words || '" is "' || instead || '".' AS sentence, source_id, locator FROM remedy_driver;

CREATE VIEW sentence_opened_library AS
  SELECT package, first_version, component, package || ' ' || first_version || ' to ' || last_version || ' opens ' || component || ' when it starts.' AS sentence, source_id, locator FROM opened_library;

CREATE VIEW sentence_remedy_about AS
  SELECT rule_id, rank, 'Remedy ' || rank || ' of ' || rule_id || ' is for "' || about || '"' || CASE alone WHEN 'yes' THEN ' and stands for all others.' ELSE '.' END AS sentence, source_id, locator FROM remedy_about;
